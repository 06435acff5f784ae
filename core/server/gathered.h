#pragma once

#include <vector>

namespace weir::server {

// What all workers have of something.
template <typename Row>
struct Gathered {
  std::vector<Row> rows;
  bool cut = false;             // there are more
  unsigned silent_workers = 0;  // that did not answer in time
};

}  // namespace weir::server
