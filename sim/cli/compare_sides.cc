#include "sim/cli/compare_sides.h"

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "sim/cli/other_program.h"
#include "sim/cli/run_all.h"
#include "sim/study/batch.h"
#include "sim/study/paired_stores.h"
#include "sim/study/scratch_folder.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;
using Added = tl::expected<void, std::string>;

Campaign campaign_of(const CompareArguments& arguments, const Overrides& overrides,
                     const SeedRange& seeds) {
  Campaign campaign;
  campaign.paths = {arguments.paths[0]};
  campaign.seeds = seeds;
  campaign.jobs = arguments.jobs;
  campaign.overrides = overrides;
  return campaign;
}

Added add_by_settings(const Kit& kit, const CompareArguments& arguments, ComparedSides& sides,
                      const SeedRange& seeds) {
  const Campaign of_a = campaign_of(arguments, arguments.a, seeds);
  const Campaign of_b = campaign_of(arguments, arguments.b, seeds);
  const auto batch_a = make_batch(kit, of_a);
  if (!batch_a) return Error(batch_a.error());
  const auto batch_b = make_batch(kit, of_b);
  if (!batch_b) return Error(batch_b.error());
  if (batch_a->scenarios.size() != 1) {
    return Error(arguments.paths[0] + " is more than one scenario: name one file\n");
  }
  const std::size_t count = batch_a->runs.size();
  auto outcomes = run_all(2 * count, arguments.jobs, [&](std::size_t i) {
    return i < count ? AskedRun{&batch_a->runs[i], &of_a}
                     : AskedRun{&batch_b->runs[i - count], &of_b};
  });
  if (!outcomes) return Error(std::string());
  for (std::size_t i = 0; i < count; ++i) {
    sides.a.push_back(std::move((*outcomes)[i].result));
    sides.b.push_back(std::move((*outcomes)[i + count].result));
  }
  return {};
}

Added add_by_programs(const CompareArguments& arguments, const ScratchFolder& scratch,
                      ComparedSides& sides, const SeedRange& seeds) {
  const std::string out_a = scratch.path("a");
  const std::string out_b = scratch.path("b");
  for (const auto& [program, settings, out] :
       {std::tuple(arguments.old_program, arguments.a, out_a),
        std::tuple(arguments.new_program, arguments.b, out_b)}) {
    const ProgramRuns runs{program, arguments.paths[0], settings, seeds, arguments.jobs};
    if (auto ran = run_by_program(runs, out); !ran) return ran;
  }
  auto stores = pair_stores(out_a, out_b);
  if (!stores) {
    const bool of_b = stores.error().find(out_b) != std::string::npos;
    return Error(fmt::format("{} has written no store that this program reads: {}",
                             of_b ? arguments.new_program : arguments.old_program, stores.error()));
  }
  if (stores->pairs.size() != 1) {
    return Error(arguments.paths[0] + " is more than one scenario: name one file");
  }
  const auto about = [](const std::string& program, const Provenance& from,
                        const Overrides& settings) {
    const std::string set = settings_text(settings);
    return fmt::format("{}, {}{}{}", program, program_text(from), set.empty() ? "" : ", ", set);
  };
  sides.a = std::move(stores->pairs[0].a);
  sides.b = std::move(stores->pairs[0].b);
  sides.about_a = about(arguments.old_program, stores->a, arguments.a);
  sides.about_b = about(arguments.new_program, stores->b, arguments.b);
  return {};
}

}  // namespace

std::string settings_text(const Overrides& overrides) {
  std::string text;
  for (const auto& [key, value] : overrides) text += (text.empty() ? "" : " ") + key + "=" + value;
  return text;
}

AddSeeds by_settings(const Kit& kit, const CompareArguments& arguments) {
  return [&kit, &arguments](ComparedSides& sides, const SeedRange& seeds) {
    sides.about_a = settings_text(arguments.a);
    sides.about_b = settings_text(arguments.b);
    return add_by_settings(kit, arguments, sides, seeds);
  };
}

AddSeeds by_programs(const CompareArguments& arguments) {
  auto scratch = std::make_shared<tl::expected<ScratchFolder, std::string>>(ScratchFolder::make());
  return [&arguments, scratch](ComparedSides& sides, const SeedRange& seeds) {
    if (!*scratch) return Added(Error(scratch->error()));
    return add_by_programs(arguments, **scratch, sides, seeds);
  };
}

}  // namespace macula::sim
