// The parts of a scenario file, each from its checked table to its part of the Scenario. Every
// function reports what is wrong and leaves out what it could not read.
#pragma once

#include <string>

#include "base/text/document.h"
#include "sim/file/keys.h"
#include "sim/file/metric_parse.h"
#include "sim/file/parse_problems.h"
#include "sim/file/selector_parse.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

// [scenario] and [protocol].
void read_settings(const DocumentValue& root, Problems& problems, Scenario& scenario);

// [latency] and [link.*]. `path` is where the search for the matrix starts.
void read_network(const DocumentValue& root, const std::string& path, Problems& problems,
                  Scenario& scenario);

// [[node]] and [[group]], in order of the file; the names are complete even where the rest is not.
void read_populations(const DocumentValue& root, Problems& problems, Scenario& scenario,
                      PopulationNames& names);

// [churn.*]. `path` is where the search for traces starts.
void read_churn(const DocumentValue& root, const std::string& path, const PopulationNames& names,
                Problems& problems, Scenario& scenario);

// [[at]]; collects the labels that metrics may speak of.
void read_steps(const DocumentValue& root, const Schema& schema, const PopulationNames& names,
                Problems& problems, Scenario& scenario, Labels& labels);

// [[expect]].
void read_expectations(const DocumentValue& root, const PopulationNames& names,
                       const Labels& labels, Problems& problems, Scenario& scenario);

// [sweep].
void read_sweep(const DocumentValue& root, Problems& problems, Scenario& scenario);

// Warns of what has no effect. The scenario is right and complete.
void find_unused(const DocumentValue& root, const Scenario& scenario, Problems& problems);

}  // namespace macula::sim
