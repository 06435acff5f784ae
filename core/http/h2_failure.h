#pragma once

#include <string_view>

#include "core/http/h2_error.h"

namespace weir::http {

// Why a connection of HTTP/2 ends before its time.
struct H2Failure {
  H2Error code = H2Error::None;  // what the peer is told
  std::string_view why;          // a short stable word for logs and metrics, a literal
  std::string_view message;      // a sentence for a person
};

namespace failures {

inline constexpr H2Failure kBadPreface{H2Error::Protocol, "bad_preface",
                                       "The client does not begin with the preface of HTTP/2."};
inline constexpr H2Failure kProtocol{H2Error::Protocol, "protocol_error",
                                     "A frame is malformed or out of place."};
inline constexpr H2Failure kSelfDependency{H2Error::Protocol, "protocol_error",
                                           "A stream depends on itself."};
inline constexpr H2Failure kBadPriorityUpdate{H2Error::Protocol, "protocol_error",
                                              "A PRIORITY_UPDATE is malformed or out of place."};
inline constexpr H2Failure kOldStream{H2Error::Protocol, "protocol_error",
                                      "A frame is for a stream that cannot be opened any more."};
inline constexpr H2Failure kStreamClosed{H2Error::StreamClosed, "stream_closed",
                                         "A frame is for a stream that the peer has ended."};
inline constexpr H2Failure kFlowControl{H2Error::FlowControl, "flow_control_error",
                                        "A window was exceeded."};
inline constexpr H2Failure kFrameSize{H2Error::FrameSize, "frame_size_error",
                                      "A frame has a size that it cannot have."};
inline constexpr H2Failure kCompression{H2Error::Compression, "compression_error",
                                        "A header block cannot be decompressed."};
inline constexpr H2Failure kInternal{H2Error::Internal, "internal_error",
                                     "The codec cannot go on."};

inline constexpr H2Failure kRapidReset{H2Error::EnhanceYourCalm, "rapid_reset",
                                       "The peer resets too many streams."};
inline constexpr H2Failure kProvokedResets{H2Error::EnhanceYourCalm, "provoked_resets",
                                           "Too many streams had to be reset."};
inline constexpr H2Failure kPingFlood{H2Error::EnhanceYourCalm, "ping_flood",
                                      "There are too many PING frames."};
inline constexpr H2Failure kSettingsFlood{H2Error::EnhanceYourCalm, "settings_flood",
                                          "There are too many SETTINGS frames, or entries in one."};
inline constexpr H2Failure kEmptyDataFlood{H2Error::EnhanceYourCalm, "empty_data_flood",
                                           "There are too many DATA frames without data."};
inline constexpr H2Failure kPriorityFlood{H2Error::EnhanceYourCalm, "priority_flood",
                                          "There are too many changes of priorities."};
inline constexpr H2Failure kWindowUpdateFlood{H2Error::EnhanceYourCalm, "window_update_flood",
                                              "There are too many WINDOW_UPDATE frames."};
inline constexpr H2Failure kContinuationFlood{H2Error::EnhanceYourCalm, "continuation_flood",
                                              "A header block has too many CONTINUATION frames."};
inline constexpr H2Failure kUnknownFrameFlood{
    H2Error::EnhanceYourCalm, "unknown_frame_flood",
    "There are too many frames of unknown types, or of GOAWAY."};
inline constexpr H2Failure kHeaderBomb{H2Error::EnhanceYourCalm, "header_bomb",
                                       "A header block is many times larger than the limit."};
inline constexpr H2Failure kQueueFull{H2Error::EnhanceYourCalm, "queue_full",
                                      "The peer does not read, and goes on to ask for answers."};

}  // namespace failures
}  // namespace weir::http
