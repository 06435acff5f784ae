#include "core/http/h2_stream.h"

namespace weir::http {

void H2Stream::forget() {
  static_cast<ListNode<H2OfCodec>&>(*this).unlink();
  static_cast<ListNode<H2ToDeliver>&>(*this).unlink();
  static_cast<ListNode<H2Drained>&>(*this).unlink();
  static_cast<ListNode<H2ToReset>&>(*this).unlink();
  state_ = State();
  incoming_.clear();
  outgoing_.clear();
  copies_.reset();
  trailer_text_.clear();
  trailer_sizes_.clear();
}

}  // namespace weir::http
