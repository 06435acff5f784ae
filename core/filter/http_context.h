#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/filter/chain.h"
#include "core/filter/local_reply.h"
#include "core/filter/verdict.h"

namespace weir::filter {

class Stream;

// What a filter may do with its stream. One for each filter that joined; valid until its
// on_complete returns. Worker thread. A call at a wrong moment changes nothing, returns false and
// is counted.
class HttpContext {
 public:
  Stream& stream() { return stream_; }
  // The item's name in the configuration.
  std::string_view name() const { return entry_.item->name; }
  // Its place, as FilterList::Entry says.
  std::uint32_t order() const { return entry_.order; }

  // End a Pause of this filter. Inside a hook it takes effect when the hook has returned; there,
  // together with the verdict Pause, the filter goes on at once.
  bool resume_request();
  bool resume_response();
  // In on_request or on_response: hold the head until the whole body came; it is then shown to the
  // body hook as one piece. More than `limit` bytes are answered with 413 or 502.
  bool collect_body(std::size_t limit);
  // The request was changed in what routing looks at: choose again. Filters that were not reached
  // yet are those of the new route; those that joined hear of it.
  bool reroute();
  // Answers in place of upstream; return the verdict from the hook.
  Verdict respond(const LocalReply& reply);
  // The filter cannot do its work: 500, or the response is cut. `message` is logged.
  Verdict fail(std::string_view message);

  // Calls at a wrong moment, of the whole process.
  static std::uint64_t violations();

 private:
  friend class Stream;

  HttpContext(Stream& stream, FilterList::Entry entry, std::uint32_t index)
      : stream_(stream), entry_(entry), index_(index) {}

  Stream& stream_;
  HttpFilter* filter_ = nullptr;
  FilterList::Entry entry_;
  std::uint32_t index_;
};

}  // namespace weir::filter
