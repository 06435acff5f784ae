#include "config/build/surroundings.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/build/check.h"

namespace weir::config {
namespace {

// What `weir check` says of a configuration with these listeners and these lines.
std::string said(const std::string& listener, const std::string& lines, bool offline = false) {
  const auto path = std::filesystem::path(testing::TempDir()) /
                    ("weir_surroundings_" + std::to_string(getpid()) +
                     testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml");
  std::ofstream(path) << "listeners: { db: { " << listener
                      << ", filters: [ { tcp_proxy: { cluster: a } } ] } }\n"
                      << "clusters: { a: { endpoints: [ 127.0.0.1:2 ] } }\n"
                      << lines;
  std::string report = check({.paths = {path.string()}}, {.offline = offline}).report;
  const std::string prefix = path.string() + ":";
  for (auto at = report.find(prefix); at != std::string::npos; at = report.find(prefix)) {
    report.erase(at, prefix.size());
  }
  std::filesystem::remove(path);
  return report;
}

TEST(Surroundings, HaveTheAddressesOfListeners) {
  EXPECT_EQ(said("address: [ 127.0.0.1:1, 0.0.0.0:2, \"[::]:3\" ]", ""), "");
  EXPECT_EQ(said("address: 192.0.2.1:80", ""),
            "1:29: error: listeners.db.address: 192.0.2.1 is no address of this machine: "
            "freebind: true waits for it\n");
  EXPECT_EQ(said("address: 192.0.2.1:80, freebind: true", ""), "");
  EXPECT_EQ(said("address: 127.0.0.1:1", "admin: { address: 192.0.2.1:81 }\n")
                .find("3:19: error: admin.address: 192.0.2.1 is no address of this machine: write "
                      "one that it has\n"),
            0u);
}

TEST(Surroundings, HaveTheFoldersOfSocketsAndLogs) {
  EXPECT_EQ(said("address: /nonexistent/x.sock", ""),
            "1:29: error: listeners.db.address: nothing can be made in /nonexistent: No such file "
            "or directory\n");
  EXPECT_EQ(said("address: 127.0.0.1:1", "access_log: { path: /nonexistent/log }\n"),
            "3:21: error: access_log.path: nothing can be made in /nonexistent: No such file or "
            "directory\n");
  EXPECT_EQ(said("address: 127.0.0.1:1, access_log: { path: / }", ""),
            "1:62: error: listeners.db.access_log.path: / is a folder, not a file\n");
  EXPECT_EQ(said("address: 127.0.0.1:1", "access_log: { path: new.log }\n"), "");
  EXPECT_EQ(said("address: 127.0.0.1:1", "access_log: { path: /dev/null }\n"), "");
}

TEST(Surroundings, HaveAStateFileThatIsUnderstood) {
  const std::string socket = "admin: { socket: control.sock }\n";
  EXPECT_EQ(said("address: 127.0.0.1:1", socket + "state_file: new.json\n"), "");
  EXPECT_EQ(said("address: 127.0.0.1:1", socket + "state_file: /nonexistent/state.json\n"),
            "4:13: error: state_file: nothing can be made in /nonexistent: No such file or "
            "directory\n");
  EXPECT_EQ(said("address: 127.0.0.1:1", socket + "state_file: /dev/null\n"),
            "4:13: error: state_file: /dev/null is no plain file\n");
  EXPECT_EQ(said("address: 127.0.0.1:1", "state_file: new.json\n"),
            "3:13: warning: state_file: there is nothing to keep: nobody can set anything without "
            "admin: { socket: … }\n");
}

TEST(Surroundings, AreNotMissedWhereAVariableIs) {
  // The socket is written, whatever it is.
  const std::string lines =
      "admin: { socket: \"${WEIR_TEST_NOT_THERE}/x\" }\nstate_file: state.json\n";
  EXPECT_EQ(said("address: 127.0.0.1:1", lines, true).find("warning"), std::string::npos);
  EXPECT_EQ(said("address: 127.0.0.1:1", "access_log: { path: \"\" }\n"),
            "3:21: error: access_log.path: is empty: name a file\n");
}

TEST(Surroundings, HaveNoOtherThingInThePlaceOfASocket) {
  const std::string name = "weir_no_socket" + std::to_string(getpid());
  const std::string file = testing::TempDir() + name;
  std::ofstream(file) << "x";
  const std::string end = ", not a socket: take it away, or name another path\n";
  EXPECT_EQ(said("address: " + file, ""),
            "1:29: error: listeners.db.address: " + file + " is a file" + end);
  EXPECT_EQ(said("address: /tmp/", ""),
            "1:29: error: listeners.db.address: /tmp/ is a folder" + end);
  EXPECT_EQ(said("address: 127.0.0.1:1", "admin: { socket: " + name + " }\n"),
            "3:18: error: admin.socket: " + file + " is a file" + end);
  EXPECT_EQ(said("address: 127.0.0.1:1", "admin: { socket: /tmp }\n", true),
            "3:18: note: admin.socket: /tmp is a folder" + end);
  std::filesystem::remove(file);
}

TEST(Surroundings, HaveTheJournal) {
  const std::string nobody =
      "no journal listens at /nonexistent/socket: No such file or directory\n";
  EXPECT_EQ(said("address: 127.0.0.1:1", "log: { journald: { socket: /nonexistent/socket } }\n"),
            "3:18: error: log.journald: " + nobody);
  EXPECT_EQ(
      said("address: 127.0.0.1:1", "log: { journald: { socket: /nonexistent/socket } }\n", true),
      "3:18: note: log.journald: " + nobody);
}

TEST(Surroundings, AreNotesWhenTheConfigurationIsOfElsewhere) {
  EXPECT_EQ(said("address: [ 192.0.2.1:80, /nonexistent/x.sock ]",
                 "access_log: { path: \"${WEIR_TEST_NOT_THERE}\" }\n", true),
            "1:31: note: listeners.db.address: 192.0.2.1 is no address of this machine: "
            "freebind: true waits for it\n"
            "1:45: note: listeners.db.address: nothing can be made in /nonexistent: No such file "
            "or directory\n"
            "3:21: note: access_log.path: the variable WEIR_TEST_NOT_THERE is not set; "
            "${WEIR_TEST_NOT_THERE:-…} would give a default\n");
}

}  // namespace
}  // namespace weir::config
