#include "core/server/log_format.h"

#include <limits>
#include <memory>
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/arena.h"
#include "core/server/log_format_text.h"

namespace weir::server {
namespace {

constexpr std::int64_t kTime = 1'795'348'269'123'456;  // 2026-11-22T11:51:09.123456Z

struct Sample {
  Arena arena;
  http::Variables vars{arena};
  filter::Attempt attempts[2]{{"10.0.0.1:9000", "connect_failed", 3}, {"10.0.0.2:9000", "200", 12}};
  filter::ExchangeRecord record;

  Sample() {
    EXPECT_TRUE(vars.set("tenant", std::string_view("acme")));
    EXPECT_TRUE(vars.set("score", std::int64_t{-7}));
    EXPECT_TRUE(vars.set("share", 0.25));
    EXPECT_TRUE(vars.set("beta", true));
    record.time_us = kTime;
    record.id = "4f2a";
    record.snapshot = 12;
    record.listener = "edge";
    record.chain = "shop";
    record.route = "api";
    record.cluster = "api-next";
    record.endpoint = "10.0.0.2:9000";
    record.attempts = attempts;
    record.attempt_count = 2;
    record.client = "192.0.2.7";
    record.method = "GET";
    record.scheme = "https";
    record.host = "shop.example";
    record.path = "/v2/items";
    record.query = "a=1&b=2";
    record.protocol = "HTTP/1.1";
    record.user_agent = "curl/7.88.1";
    record.sni = "shop.example";
    record.referer = "https://shop.example/";
    record.status = 200;
    record.us = {120, 45, filter::ExchangeRecord::kNone, 1'007, 12'000, 15'260};
    record.bytes_in = 512;
    record.bytes_out = 10'240;
    record.vars = &vars;
  }
};

std::string line_of(const LogFormat& format, const filter::ExchangeRecord& record) {
  LogTime time;
  auto bytes = std::make_unique<char[]>(LogFormat::kMaxLine);
  return {bytes.get(), format.write(record, time, bytes.get())};
}

std::string text_line(std::string_view format, const filter::ExchangeRecord& record) {
  Result<LogFormat> parsed = LogFormat::parse(format);
  if (!parsed) return parsed.error().message;
  return line_of(*parsed, record);
}

std::string refusal(std::string_view format) {
  const Result<LogFormat> parsed = LogFormat::parse(format);
  return parsed ? "" : parsed.error().message;
}

std::string escaped(std::string_view text, std::size_t limit = 1000) {
  std::string to(limit + 3, '#');
  to.resize(static_cast<std::size_t>(append_escaped(to.data(), text, limit) - to.data()));
  return to;
}

const std::vector<std::string> kOfRequest{"client_ip", "method",   "scheme",     "host",    "path",
                                          "query",     "protocol", "user_agent", "referer", "sni"};

TEST(LogFormat, WritesTheFixedFieldsOfAnExchangeAsOneJsonObject) {
  Sample sample;
  EXPECT_EQ(
      line_of(LogFormat::json(), sample.record),
      R"({"time":"2026-11-22T11:51:09.123456Z","id":"4f2a","snapshot":12,"listener":"edge",)"
      R"("chain":"shop","route":"api","cluster":"api-next","endpoint":"10.0.0.2:9000",)"
      R"("attempts":[{"endpoint":"10.0.0.1:9000","result":"connect_failed","ms":3},)"
      R"({"endpoint":"10.0.0.2:9000","result":"200","ms":12}],"status":200,)"
      R"("ended":{"by":"upstream","phase":"body","why":"ok"},)"
      R"("ms":{"head":0.120,"filters":0.045,"queue":null,"connect":1.007,"first_byte":12.000,)"
      R"("total":15.260},"bytes":{"in":512,"out":10240},)"
      R"("vars":{"tenant":"acme","score":-7,"share":0.25,"beta":true}})"
      "\n");
}

TEST(LogFormat, AddsFieldsOfTheRequestThatWereAskedForInTheirOrder) {
  const Sample sample;
  const std::vector<std::string> more{"path", "method"};
  const std::string line = line_of(LogFormat::json(more).value(), sample.record);
  const std::string fixed = line_of(LogFormat::json(), sample.record);
  EXPECT_EQ(line, fixed.substr(0, fixed.size() - 2) + R"(,"path":"/v2/items","method":"GET"})"
                                                      "\n");
}

TEST(LogFormat, AddsOnlyFieldsOfTheRequestAndEachOnce) {
  const auto refused = [](std::vector<std::string> more) {
    const auto format = LogFormat::json(more);
    return format ? "" : format.error().message;
  };
  EXPECT_EQ(refused(kOfRequest), "");
  EXPECT_EQ(refused({"path", "host", "path"}), "path is there already");
  EXPECT_EQ(refused({"status"}), "status is in every line");
  EXPECT_EQ(refused({"metod"}), "there is no field metod of the request, did you mean method?");
  EXPECT_EQ(refused({"var.NAME"}), "there is no field var.NAME of the request");
}

TEST(LogFormat, WritesAnExchangeOfWhichNothingIsKnown) {
  const std::string line = line_of(LogFormat::json(), {});
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["time"], "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(json["route"], "");
  EXPECT_EQ(json["attempts"], nlohmann::json::array());
  EXPECT_EQ(json["vars"], nlohmann::json::object());
  EXPECT_TRUE(json["ms"]["head"].is_null());
  EXPECT_EQ(text_line("%route% %ms.head% %status% %var.x% %vars%", {}), "- - 0 - {}\n");
}

TEST(LogFormat, NamesTheFilterThatEndedAnExchange) {
  filter::ExchangeRecord record;
  record.ended_by = filter::EndedBy::Filter;
  record.filter = "rate_limit";
  record.phase = filter::Phase::Filters;
  record.why = filter::Reason::FilterReply;
  EXPECT_EQ(text_line("%ended.by% %ended.phase% %ended.why%", record),
            "filter:rate_limit filters filter_reply\n");
}

TEST(LogFormat, HasEveryFieldOfTheJsonObjectUnderItsDottedNameInTexts) {
  Sample sample;
  const auto json =
      nlohmann::json::parse(line_of(LogFormat::json(kOfRequest).value(), sample.record));
  for (const LogFormat::Name& field : LogFormat::names()) {
    if (field.name == "var.NAME") continue;
    const std::string format = "<%" + std::string(field.name) + "%>";
    const std::string text = text_line(format, sample.record);
    nlohmann::json value = json;
    for (std::size_t from = 0; from < field.name.size();) {
      const std::size_t dot = std::min(field.name.find('.', from), field.name.size());
      value = value[std::string(field.name.substr(from, dot - from))];
      from = dot + 1;
    }
    const std::string inside = text.substr(1, text.size() - 3);
    if (value.is_string()) {
      EXPECT_EQ(inside, value.get<std::string>()) << field.name;
    } else if (value.is_null()) {
      EXPECT_EQ(inside, "-") << field.name;
    } else {
      EXPECT_EQ(nlohmann::json::parse(inside), value) << field.name;
    }
    EXPECT_FALSE(field.doc.empty());
  }
}

TEST(LogFormat, WritesVariablesByName) {
  Sample sample;
  EXPECT_EQ(
      text_line("%var.tenant% %var.score% %var.share% %var.beta% %var.none% 100%%", sample.record),
      "acme -7 0.25 true - 100%\n");
}

TEST(LogFormat, WritesNothingForAnEmptyQueryBehindAPath) {
  filter::ExchangeRecord record;
  record.path = "/a";
  EXPECT_EQ(text_line("%path%%query%", record), "/a\n");
  record.query = "?b";
  EXPECT_EQ(text_line("%path%%query%", record), "/a?b\n");
}

TEST(LogFormat, WritesTheVariablesOfTemplates) {
  Sample sample;
  http::Request request(sample.arena);
  request.authority = "shop.example:8443";
  request.headers.add("x-plan", "gold \"one\"");
  http::Response response(sample.arena);
  response.headers.add("content-type", "text/plain");
  route::ExchangeView view;
  view.request = &request;
  view.response = &response;
  sample.record.view = &view;
  sample.record.arena = &sample.arena;
  EXPECT_EQ(text_line("%authority% %header.x-plan% %response_header.content-type% %header.none%",
                      sample.record),
            "shop.example:8443 gold \\\"one\\\" text/plain -\n");
  // Of a TCP connection nothing of this is known.
  EXPECT_EQ(text_line("%authority% %header.x-plan%", {}), "- -\n");
}

TEST(LogFormat, WritesNumbersThatJsonDoesNotKnowAsNull) {
  Sample sample;
  ASSERT_TRUE(sample.vars.set("nan", std::numeric_limits<double>::quiet_NaN()));
  ASSERT_TRUE(sample.vars.set("inf", std::numeric_limits<double>::infinity()));
  const auto json = nlohmann::json::parse(line_of(LogFormat::json(), sample.record));
  EXPECT_TRUE(json["vars"]["nan"].is_null());
  EXPECT_TRUE(json["vars"]["inf"].is_null());
}

TEST(LogFormat, SuggestsTheFieldThatWasMeant) {
  EXPECT_NE(refusal("%statsu%").find("did you mean %status%?"), std::string::npos);
  EXPECT_NE(refusal("%ms.totl%").find("did you mean %ms.total%?"), std::string::npos);
  EXPECT_NE(refusal("%request.user_agent%").find("did you mean %user_agent%?"), std::string::npos);
  EXPECT_NE(refusal("%why%").find("did you mean %ended.why%?"), std::string::npos);
  EXPECT_NE(refusal("%traffic.in%").find("did you mean %bytes.in%?"), std::string::npos);
  EXPECT_NE(refusal("%authorty%").find("did you mean %authority%?"), std::string::npos);
  EXPECT_NE(refusal("%header.%").find("needs a name"), std::string::npos);
  EXPECT_EQ(refusal("%qwertyuiop%"), "unknown field %qwertyuiop% in the log format");
}

TEST(LogFormat, RefusesAFormatThatIsNotOneLine) {
  EXPECT_NE(refusal("%status%\n%id%").find("one line"), std::string::npos);
  EXPECT_NE(refusal("100% %status%").find("unknown field % %"), std::string::npos);
  EXPECT_NE(refusal("%status% 5%").find("write %% for a percent sign"), std::string::npos);
  EXPECT_NE(refusal("%var.%").find("needs a name"), std::string::npos);
}

TEST(LogFormat, RefusesAFormatWhoseLinesCouldBeTooLong) {
  std::string format;
  for (int i = 0; i < 9; ++i) format += "%path%";
  EXPECT_NE(refusal(format).find("longer than 16 KiB"), std::string::npos);
}

TEST(LogFormat, EscapesControlCharactersQuotesAndWhatIsNotUtf8) {
  EXPECT_EQ(escaped("plain ascii text, long enough"), "plain ascii text, long enough");
  EXPECT_EQ(escaped("say \"hi\" \\ \n\r\t"), R"(say \"hi\" \\ \n\r\t)");
  EXPECT_EQ(escaped(std::string_view("\0\x1b\x7f", 3)), R"(\u0000\u001b\u007f)");
  EXPECT_EQ(escaped("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
            "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(escaped("\xff\xc3("), R"(\u00ff\u00c3()");
  EXPECT_EQ(escaped("\xc0\xaf"), R"(\u00c0\u00af)");                      // overlong
  EXPECT_EQ(escaped("\xed\xa0\x80"), R"(\u00ed\u00a0\u0080)");            // a surrogate
  EXPECT_EQ(escaped("\xf4\x90\x80\x80"), R"(\u00f4\u0090\u0080\u0080)");  // over U+10FFFF
  EXPECT_EQ(escaped("\xe2\x82"), R"(\u00e2\u0082)");                      // ends too early
  EXPECT_EQ(escaped("\xc2\x85\xc2\x9b\xe2\x80\xa8\xe2\x80\xa9"), R"(\u0085\u009b\u2028\u2029)");
}

TEST(LogFormat, FindsASpecialByteAtEveryPlace) {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      text[at] = '"';
      std::string expected(size + 1, 'x');
      expected[at] = '\\';
      expected[at + 1] = '"';
      EXPECT_EQ(escaped(text), expected);
    }
  }
}

TEST(LogFormat, CutsLongValuesBetweenCharacters) {
  EXPECT_EQ(escaped("0123456789abcdef", 16), "0123456789abcdef");
  EXPECT_EQ(escaped("0123456789abcdefg", 16), "0123456789abcdef...");
  EXPECT_EQ(escaped("0123456789abcd\xe2\x82\xac", 16), "0123456789abcd...");
  EXPECT_EQ(escaped("0123456789abcd\n\n", 15), "0123456789abcd...");
}

TEST(LogFormat, StaysOneValidJsonLineWhateverClientsSend) {
  std::mt19937 random(7);
  std::string bytes(4096, '\0');
  for (int round = 0; round < 300; ++round) {
    for (char& byte : bytes) byte = static_cast<char>(random());
    Sample sample;
    filter::ExchangeRecord& record = sample.record;
    for (std::string_view* field :
         {&record.id, &record.route, &record.endpoint, &record.client, &record.method, &record.host,
          &record.path, &record.query, &record.user_agent, &record.referer, &record.sni}) {
      const std::size_t size = random() % (round % 2 == 0 ? 40 : 4096);
      *field = std::string_view(bytes).substr(random() % (bytes.size() - size), size);
    }
    ASSERT_TRUE(sample.vars.set(record.id.substr(0, 30), record.path));
    const std::string line = line_of(LogFormat::json(kOfRequest).value(), record);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  }
}

TEST(LogFormat, KeepsTheLongestExchangeWithinItsBound) {
  const std::string longest(100'000, '\x01');
  Sample sample;
  filter::ExchangeRecord& record = sample.record;
  for (std::string_view* field :
       {&record.id, &record.listener, &record.chain, &record.route, &record.cluster,
        &record.endpoint, &record.client, &record.method, &record.scheme, &record.host,
        &record.path, &record.query, &record.protocol, &record.user_agent, &record.referer,
        &record.sni, &record.filter}) {
    *field = longest;
  }
  record.ended_by = filter::EndedBy::Filter;
  record.snapshot = record.bytes_in = record.bytes_out = UINT64_MAX;
  record.us.total = record.us.head = UINT32_MAX - 1;
  const std::vector<filter::Attempt> attempts(100, {longest, longest, UINT32_MAX});
  record.attempts = attempts.data();
  record.attempt_count = 100;
  for (std::uint32_t i = 4; i < http::Variables::kMax; ++i) {
    ASSERT_TRUE(sample.vars.set(std::to_string(i) + longest, std::string_view(longest)));
  }
  const std::string line = line_of(LogFormat::json(kOfRequest).value(), record);
  EXPECT_LT(line.size(), LogFormat::kMaxLine);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["attempts"].size(), LogFormat::kMaxAttempts);
  EXPECT_GT(json["vars"].size(), 8u);
  EXPECT_TRUE(json["path"].get<std::string>().ends_with("\x01..."));
}

TEST(LogTime, WritesTimesBeforeAndAfterTheSecondItRemembers) {
  LogTime time;
  const auto text = [&](std::int64_t us) {
    char bytes[LogTime::kSize];
    return std::string(bytes, time.append(bytes, us));
  };
  EXPECT_EQ(text(kTime), "2026-11-22T11:51:09.123456Z");
  EXPECT_EQ(text(kTime + 1), "2026-11-22T11:51:09.123457Z");
  EXPECT_EQ(text(kTime + 876'544), "2026-11-22T11:51:10.000000Z");
  EXPECT_EQ(text(kTime), "2026-11-22T11:51:09.123456Z");
  EXPECT_EQ(text(951'782'400'000'000), "2000-02-29T00:00:00.000000Z");
  EXPECT_EQ(text(INT64_MAX), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(text(INT64_MIN), "1970-01-01T00:00:00.000000Z");
}

}  // namespace
}  // namespace weir::server
