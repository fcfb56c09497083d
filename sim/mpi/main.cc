// The ranks of an `mpirun`, by Boost.MPI: a module that sim/study/ranks.cc loads.

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/serialization/string.hpp>
#include <optional>
#include <string>

#include "sim/study/ranks.h"

namespace macula::sim {
namespace {

class MpiRanks final : public Ranks {
 public:
  [[nodiscard]] int self() const override { return world_.rank(); }
  [[nodiscard]] int count() const override { return world_.size(); }
  void send(int to, const std::string& text) override { world_.send(to, kTag, text); }
  [[nodiscard]] std::optional<RankMessage> receive() override {
    const auto status = world_.iprobe(boost::mpi::any_source, kTag);
    if (!status) return std::nullopt;
    RankMessage message{status->source(), {}};
    world_.recv(message.from, kTag, message.text);
    return message;
  }

 private:
  static constexpr int kTag = 1;

  // Finalizes as this object ends.
  boost::mpi::environment environment_{boost::mpi::threading::serialized};
  boost::mpi::communicator world_;
};

}  // namespace
}  // namespace macula::sim

// By the name in kRanksEntry.
extern "C" macula::sim::Ranks* macula_make_ranks() {
  return new macula::sim::MpiRanks();
}
