#include "config/written.h"

namespace weir::config {

void Written::below(const std::string& path, const Visit& visit) const {
  for (auto one = paths_.lower_bound(path); one != paths_.end(); ++one) {
    std::string_view rest = one->first;
    if (!rest.starts_with(path)) return;
    rest.remove_prefix(path.size());
    if (!rest.starts_with('.') && !rest.starts_with('[')) continue;
    if (rest.starts_with('.')) rest.remove_prefix(1);
    visit(rest, one->second);
  }
}

}  // namespace weir::config
