#pragma once

// WEIR_CHECK ends the process when an invariant of Weir itself is broken; it stays on in every
// build. WEIR_ASSERT does the same in builds with WEIR_DEBUG and compiles to nothing elsewhere.
// Neither is for what a client, an origin, a plugin or the environment may do: those are errors.

namespace weir {

[[noreturn]] void check_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace weir

#define WEIR_CHECK(expression)                        \
  (__builtin_expect(static_cast<bool>(expression), 1) \
       ? static_cast<void>(0)                         \
       : ::weir::check_failed(#expression, __FILE__, __LINE__))

#ifdef WEIR_DEBUG
#define WEIR_ASSERT(expression) WEIR_CHECK(expression)
#else
#define WEIR_ASSERT(expression) static_cast<void>(0)
#endif
