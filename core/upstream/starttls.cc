#include "core/upstream/starttls.h"

#include <array>

namespace weir::upstream {

StarttlsRequest::StarttlsRequest(Buffer first) : output_(std::move(first)) {
  output_.append(Slice::of_static(kPostgresSslRequest));
}

StarttlsRequest::Outcome StarttlsRequest::advance(net::Transport& transport) {
  while (!output_.empty()) {
    std::array<iovec, 4> pieces;
    const std::size_t count = output_.gather(pieces);
    const net::Io io = transport.write_some({pieces.data(), count}, false);
    if (io.kind == net::Io::Kind::Again) return Outcome::Pending;
    if (io.kind != net::Io::Kind::Bytes) return refused("it closed the connection");
    output_.consume(io.bytes);
  }
  return read_answer(transport);
}

// Whoever says more than one byte says it in the clear, and the client would take it for TLS.
StarttlsRequest::Outcome StarttlsRequest::read_answer(net::Transport& transport) {
  std::array<char, 2> answer;
  const iovec space{answer.data(), answer.size()};
  const net::Io io = transport.read_some({&space, 1});
  if (io.kind == net::Io::Kind::Again) return Outcome::Pending;
  if (io.kind != net::Io::Kind::Bytes) return refused("it closed the connection");
  if (answer[0] == 'N' && io.bytes == 1) return refused("it has no TLS");
  if (answer[0] != 'S' || io.bytes != 1) return refused("its answer is not that of Postgres");
  return Outcome::Accepted;
}

unsigned StarttlsRequest::wants() const {
  return output_.empty() ? event::kReadable : event::kWritable;
}

StarttlsRequest::Outcome StarttlsRequest::refused(std::string_view why) {
  why_ = why;
  return Outcome::Refused;
}

}  // namespace weir::upstream
