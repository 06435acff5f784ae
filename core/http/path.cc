#include "core/http/path.h"

#include "core/http/chars.h"
#include "core/http/errors.h"

namespace weir::http {
namespace {

// Whether `path` may already be normal. When not, or when it is not valid, Normalizer finds out.
bool looks_normal(std::string_view path) {
  if (path.empty() || path[0] != '/') return false;
  char before = 0;
  for (char c : path) {
    if (!is_path_char(c) || c == '%') return false;
    if (before == '/' && (c == '/' || c == '.')) return false;
    before = c;
  }
  return true;
}

// Builds the normal path, which is never longer than the given one.
class Normalizer {
 public:
  Normalizer(const PathOptions& options, char* out) : options_(options), out_(out) {}

  const ParseError* run(std::string_view path) {
    for (std::size_t i = 0; i < path.size(); ++i) {
      const char c = path[i];
      if (c == '/') {
        if (const ParseError* error = end_segment(true)) return error;
      } else if (c == '%') {
        if (const ParseError* error = add_escape(path.substr(i))) return error;
        i += 2;
      } else if (is_path_char(c)) {
        out_[size_++] = c;
      } else {
        return c == '\\' ? &errors::kEscapedSlash : &errors::kBadPath;
      }
    }
    return end_segment(false);
  }
  std::string_view result() const { return {out_, size_}; }

 private:
  const ParseError* add_escape(std::string_view text) {
    if (text.size() < 3) return &errors::kBadEscape;
    const unsigned high = hex_value(text[1]);
    const unsigned low = hex_value(text[2]);
    if (high > 15 || low > 15) return &errors::kBadEscape;
    const char c = static_cast<char>(high << 4 | low);
    if (c == '\0') return &errors::kEscapedNul;
    if ((c == '/' || c == '\\') && options_.escaped_slash == EscapedSlash::Reject) {
      return &errors::kEscapedSlash;
    }
    if (is_unreserved(c)) {
      out_[size_++] = c;
    } else {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      out_[size_++] = '%';
      out_[size_++] = kDigits[high];
      out_[size_++] = kDigits[low];
    }
    return nullptr;
  }

  // Takes back the segment that was just written if it is a dot segment. Then begins the next one
  // if a slash follows.
  const ParseError* end_segment(bool slash) {
    const std::string_view segment(out_ + segment_, size_ - segment_);
    bool add_slash = slash;
    if (segment == "." || segment == "..") {
      size_ = segment_;
      if (segment.size() == 2 && !leave_segment()) return &errors::kAboveRoot;
      add_slash = false;
    } else if (segment.starts_with(".;") || segment.starts_with("..;")) {
      return &errors::kDotParameter;
    } else if (segment.empty() && size_ > 0 && options_.merge_slashes) {
      add_slash = false;
    }
    if (add_slash) out_[size_++] = '/';
    segment_ = size_;
    return nullptr;
  }

  // Takes back the segment before the slash that the path now ends with.
  bool leave_segment() {
    if (size_ <= 1) return false;
    do {
      --size_;
    } while (out_[size_ - 1] != '/');
    return true;
  }

  const PathOptions& options_;
  char* out_;
  std::size_t size_ = 0;
  std::size_t segment_ = 0;  // where the segment begins that is being written
};

}  // namespace

NormalPath normalize_path(std::string_view path, const PathOptions& options, Arena& arena) {
  if (looks_normal(path) || path == "*") return {path, nullptr};
  if (!path.starts_with('/')) return {{}, &errors::kBadPath};
  Normalizer normalizer(options, arena.allocate_text(path.size()));
  if (const ParseError* error = normalizer.run(path)) return {{}, error};
  const std::string_view normal = normalizer.result();
  return {normal == path ? path : normal, nullptr};
}

}  // namespace weir::http
