#include "filters/http/router/answer.h"

#include <array>
#include <utility>

#include "core/route/location.h"
#include "core/route/route.h"

namespace weir::filters {
namespace {

using Field = std::pair<std::string_view, std::string_view>;

}  // namespace

void Answer::on_request(bool) {
  const route::Route* route = stream_.route();
  if (route == nullptr) {
    stream_.reply({.status = 404, .why = filter::Reason::NoRoute});
  } else if (const auto* to = std::get_if<route::Redirect>(&route->action)) {
    redirect(*to);
  } else if (const auto* answer = std::get_if<route::Respond>(&route->action)) {
    respond(*answer);
  }
}

void Answer::redirect(const route::Redirect& redirect) {
  const std::string_view location =
      route::location_of(redirect, stream_.view(), stream_.matched_prefix(), stream_.arena());
  if (location.empty()) {
    stream_.reply({.status = 400, .why = filter::Reason::BadRequest});
    return;
  }
  const std::array<Field, 1> fields{Field{"location", location}};
  stream_.reply({.status = redirect.status, .why = filter::Reason::Redirected, .headers = fields});
}

void Answer::respond(const route::Respond& respond) {
  stream_.response().status = respond.status;
  stream_.view().response = &stream_.response();
  const route::ExchangeView& view = stream_.view();
  Arena& arena = stream_.arena();
  const std::size_t count = respond.headers.size();
  auto* fields = static_cast<Field*>(arena.allocate(sizeof(Field) * (count + 1), alignof(Field)));
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [name, value] = respond.headers[i];
    new (fields + i) Field(name, value.render_field(view, arena));
  }
  stream_.reply({.status = respond.status,
                 .why = filter::Reason::Responded,
                 .body = respond.body.render(view, arena),
                 .headers = {fields, count}});
}

}  // namespace weir::filters
