#include "config/build/written_match.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/key_path.h"
#include "config/types/header_edits.h"

namespace weir::config {

void note_written(route::Match& match, const Reading& reading) {
  constexpr std::array<std::string_view, 4> kNamed = {"headers", "query", "cookies", "var"};
  const std::string path = reading.path().below("match");
  reading.written().below(path, [&](std::string_view rest, std::string_view text) {
    const auto steps = parse_path(rest);
    if (!steps || steps->empty()) return;
    const bool named = std::find(kNamed.begin(), kNamed.end(), steps->front().name) != kNamed.end();
    std::string key = steps->front().name;
    std::size_t next = 1;
    if (named && steps->size() > next) {
      const std::string& name = (*steps)[next++].name;
      key += "." + (key == "headers" ? lower_case(name) : name);
    }
    std::string shown;
    for (; next < steps->size(); ++next) {
      const PathStep& step = (*steps)[next];
      if (!step.index && step.name != "exact") shown += step.name + " ";
    }
    match.written.push_back({std::move(key), shown + std::string(text)});
  });
}

}  // namespace weir::config
