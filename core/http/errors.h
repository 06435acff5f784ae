#pragma once

#include "core/http/parse_error.h"

// Everything that this folder refuses; the codes are listed in README.md.
namespace weir::http::errors {

inline constexpr ParseError kBareLf{400, "bare_lf", "A line ends in LF without CR."};
inline constexpr ParseError kBareCr{400, "bare_cr", "A CR is not followed by LF."};
inline constexpr ParseError kHeadTooLarge{
    431, "head_too_large", "The head or the trailer section is larger than the limit."};
inline constexpr ParseError kTooManyFields{431, "too_many_fields",
                                           "There are more header fields than the limit."};

inline constexpr ParseError kBadRequestLine{400, "bad_request_line",
                                            "The request line is not METHOD SP TARGET SP VERSION."};
inline constexpr ParseError kLineTooLong{414, "request_line_too_long",
                                         "The request line is longer than the limit."};
inline constexpr ParseError kBadMethod{400, "bad_method", "The method is not a token."};
inline constexpr ParseError kConnect{501, "connect_not_supported", "CONNECT is not supported."};
inline constexpr ParseError kBadTarget{
    400, "bad_target", "The request target has a form or a character that is not allowed."};
inline constexpr ParseError kFragment{400, "fragment_in_target",
                                      "The request target has a fragment."};
inline constexpr ParseError kBadVersion{400, "bad_version", "The HTTP version is malformed."};
inline constexpr ParseError kUnsupportedVersion{505, "unsupported_version",
                                                "The HTTP version is neither 1.0 nor 1.1."};
inline constexpr ParseError kBadStatusLine{502, "bad_status_line",
                                           "The status line is not VERSION SP STATUS SP REASON."};

inline constexpr ParseError kBadHeaderName{400, "bad_header_name", "A field name is not a token."};
inline constexpr ParseError kMissingColon{400, "missing_colon", "A field line has no colon."};
inline constexpr ParseError kSpaceBeforeColon{400, "space_before_colon",
                                              "White space precedes the colon of a field."};
inline constexpr ParseError kLeadingSpace{400, "leading_white_space",
                                          "The first field line begins with white space."};
inline constexpr ParseError kObsFold{400, "obs_fold", "A field value is folded over lines."};
inline constexpr ParseError kControlInValue{400, "control_in_value",
                                            "A field value has a control character."};

inline constexpr ParseError kBadContentLength{400, "bad_content_length",
                                              "Content-Length is not one decimal number."};
inline constexpr ParseError kRepeatedContentLength{400, "repeated_content_length",
                                                   "Content-Length occurs more than once."};
inline constexpr ParseError kTeAndCl{400, "te_and_cl",
                                     "Transfer-Encoding and Content-Length occur together."};
inline constexpr ParseError kBadTransferEncoding{400, "bad_transfer_encoding",
                                                 "Transfer-Encoding is not exactly \"chunked\"."};
inline constexpr ParseError kTeInHttp10{400, "te_in_http_1_0",
                                        "Transfer-Encoding occurs in an HTTP/1.0 message."};
inline constexpr ParseError kBodyNotAllowed{502, "body_not_allowed",
                                            "A response that cannot have a body announces one."};
inline constexpr ParseError kTooManyInformational{502, "too_many_informational",
                                                  "There are more 1xx responses than the limit."};
inline constexpr ParseError kBadConnection{400, "bad_connection",
                                           "Connection is not a list of tokens."};
inline constexpr ParseError kMissingHost{400, "missing_host", "There is no Host."};
inline constexpr ParseError kRepeatedHost{400, "repeated_host", "Host occurs more than once."};
inline constexpr ParseError kBadHost{400, "bad_host", "The host is not a valid HOST[:PORT]."};
inline constexpr ParseError kHostMismatch{400, "host_mismatch",
                                          "Host differs from the host of the request target."};
inline constexpr ParseError kBadExpectation{417, "bad_expectation",
                                            "Expect is not exactly \"100-continue\"."};

inline constexpr ParseError kBadChunkSize{400, "bad_chunk_size",
                                          "A chunk size is not 1 to 16 hexadecimal digits."};
inline constexpr ParseError kBadChunkExtension{400, "bad_chunk_extension",
                                               "A chunk extension is malformed."};
inline constexpr ParseError kChunkExtensionsTooLarge{
    400, "chunk_extensions_too_large", "The chunk extensions are larger than the limit."};
inline constexpr ParseError kBadChunkEnd{400, "bad_chunk_end", "No CRLF follows a chunk's data."};
inline constexpr ParseError kForbiddenTrailer{400, "forbidden_trailer",
                                              "A field occurs that may not be a trailer."};

inline constexpr ParseError kBadPath{400, "bad_path",
                                     "The path has a character that is not allowed."};
inline constexpr ParseError kBadEscape{400, "bad_escape", "An escape in the path is malformed."};
inline constexpr ParseError kEscapedNul{400, "escaped_nul", "The path has an escaped NUL."};
inline constexpr ParseError kEscapedSlash{400, "escaped_slash",
                                          "The path has an escaped slash or a backslash."};
inline constexpr ParseError kDotParameter{
    400, "dot_segment_parameter", "A dot segment of the path has a parameter, as in \"..;\"."};
inline constexpr ParseError kAboveRoot{400, "path_above_root", "The path climbs above the root."};

// Of HTTP/2 (RFC 9113 section 8).
inline constexpr ParseError kUpperCaseName{400, "upper_case_name",
                                           "A field name has an upper-case letter."};
inline constexpr ParseError kSpaceAroundValue{400, "space_around_value",
                                              "A field value begins or ends with white space."};
inline constexpr ParseError kUnknownPseudo{400, "unknown_pseudo_header",
                                           "A pseudo-header field is not known here."};
inline constexpr ParseError kRepeatedPseudo{400, "repeated_pseudo_header",
                                            "A pseudo-header field occurs more than once."};
inline constexpr ParseError kMissingPseudo{400, "missing_pseudo_header",
                                           "A pseudo-header field is missing."};
inline constexpr ParseError kLatePseudo{400, "late_pseudo_header",
                                        "A pseudo-header field follows other fields."};
inline constexpr ParseError kBadScheme{400, "bad_scheme", "The scheme is neither http nor https."};
inline constexpr ParseError kBadProtocol{
    400, "bad_protocol", "The protocol of an extended CONNECT is not a token, or not of CONNECT."};
inline constexpr ParseError kBadConnect{
    400, "bad_connect", "CONNECT has a scheme, a path or a length, or no authority."};
inline constexpr ParseError kConnectionField{
    400, "connection_field", "A field occurs that belongs to a connection of HTTP/1."};
inline constexpr ParseError kBadTe{400, "bad_te", "TE is not exactly \"trailers\"."};
inline constexpr ParseError kBadStatus{502, "bad_status",
                                       "The status is not three digits from 100, or is 101."};
inline constexpr ParseError kLengthMismatch{400, "content_length_mismatch",
                                            "The body does not have the announced length."};
inline constexpr ParseError kEarlyEnd{502, "informational_end",
                                      "An informational response ends the stream."};
inline constexpr ParseError kTrailersWithoutEnd{400, "trailers_without_end",
                                                "The trailer section does not end the stream."};
inline constexpr ParseError kEarlyBody{502, "body_before_head",
                                       "A body begins before the head of the response."};

}  // namespace weir::http::errors
