#include "core/tls/connection_notes.h"

#include <openssl/ssl.h>

#include "core/base/check.h"

namespace weir::tls {
namespace {

void free_notes(void*, void* notes, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<ConnectionNotes*>(notes);
}

int notes_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, free_notes);
  return index;
}

}  // namespace

ConnectionNotes& notes_of(ssl_st& connection) {
  auto* notes = static_cast<ConnectionNotes*>(SSL_get_ex_data(&connection, notes_index()));
  if (notes == nullptr) {
    notes = new ConnectionNotes;
    WEIR_CHECK(SSL_set_ex_data(&connection, notes_index(), notes) == 1);
  }
  return *notes;
}

const ConnectionNotes* find_notes(const ssl_st& connection) {
  return static_cast<const ConnectionNotes*>(SSL_get_ex_data(&connection, notes_index()));
}

}  // namespace weir::tls
