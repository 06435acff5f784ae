#include "config/layers.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/config/load.h"

// How layers merge is in tests/golden/layers.
namespace weir::config {
namespace {

class LayersTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::path(testing::TempDir()) / "weir-layers-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  std::string problems() { return to_text(diagnostics_, sources_); }

  std::filesystem::path folder_;
  Sources sources_;
  Diagnostics diagnostics_;
  Interpolator interpolator_{sources_, process_environment()};
  Reading reading_{diagnostics_, interpolator_};
};

TEST_F(LayersTest, TakeAsManyFilesAsTheirLimitSaysAndNoMore) {
  for (const char* name : {"a.yaml", "b.yaml", "c.yaml"}) write(name, "{}");
  Layers enough(sources_, reading_, {.files = 3, .bytes = 100});
  EXPECT_TRUE(enough.add(folder_.string()));
  EXPECT_EQ(enough.list().size(), 3u);
  Layers few(sources_, reading_, {.files = 2, .bytes = 100});
  const auto added = few.add(folder_.string());
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message, "a configuration has at most 2 files");
}

TEST_F(LayersTest, TakeAsManyBytesTogetherAsTheirLimitSaysAndNoMore) {
  const std::string a = write("a.yaml", "workers: 1");
  const std::string b = write("b.yaml", "workers: 2");
  Layers enough(sources_, reading_, {.files = 9, .bytes = 20});
  EXPECT_TRUE(enough.add(a));
  EXPECT_TRUE(enough.add(b));
  Layers few(sources_, reading_, {.files = 9, .bytes = 19});
  EXPECT_TRUE(few.add(a));
  const auto added = few.add(b);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message, "the files of a configuration have at most 19 bytes together");
}

TEST_F(LayersTest, NeverWaitForAPipeThatIsIncluded) {
  ASSERT_EQ(mkfifo((folder_ / "pipe.yaml").c_str(), 0600), 0);
  const std::string file = write("a.yml", "include: pipe.yaml");
  Layers layers(sources_, reading_);
  EXPECT_TRUE(layers.add(file));
  EXPECT_FALSE(layers.complete());
  EXPECT_NE(problems().find("a.yml:1:10: error: include: "), std::string::npos);
  EXPECT_NE(problems().find("is a pipe, a socket or a device"), std::string::npos);
  Layers whole(sources_, reading_);
  EXPECT_FALSE(whole.add(folder_.string()));
}

TEST_F(LayersTest, NeverWaitForAPipeThatAValueComesFrom) {
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_FALSE(interpolator_.expand("${file:" + pipe + "}", 0));
}

TEST_F(LayersTest, WaitForAPipeThatIsNamedOnlyWhereTheyMay) {
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  Layers again(sources_, reading_, {.files = 9, .bytes = 100, .pipes = Pipes::Refused});
  const auto added = again.add(pipe);
  ASSERT_FALSE(added);
  EXPECT_NE(added.error().message.find("is a pipe, a socket or a device"), std::string::npos);
  std::thread writer([&pipe] { std::ofstream(pipe) << "workers: 2"; });
  Layers first(sources_, reading_);
  EXPECT_TRUE(first.add(pipe));
  writer.join();
  EXPECT_EQ(first.list().size(), 1u);
}

// It says that it is a file, and has no end. Who may not read it is told that.
TEST_F(LayersTest, NeverWaitForTheLogOfTheKernel) {
  Layers layers(sources_, reading_);
  EXPECT_TRUE(layers.add(write("a.yaml", "include: /proc/kmsg")));
  EXPECT_FALSE(layers.complete());
  EXPECT_NE(problems().find("a.yaml:1:10: error: include: "), std::string::npos) << problems();
  EXPECT_NE(problems().find("/proc/kmsg"), std::string::npos) << problems();
}

TEST_F(LayersTest, TellOnceThatAGlobFindsTooMuch) {
  for (const char* name : {"a.yml", "b.yml", "c.yml"}) write(name, "workers: 1");
  Layers few(sources_, reading_, {.files = 3, .bytes = 100});
  EXPECT_TRUE(few.add(write("x.yaml", "include: [ a.yml, \"[b-c].yml\", \"*.yml\" ]")));
  EXPECT_FALSE(few.complete());
  EXPECT_EQ(problems(), (folder_ / "x.yaml").string() +
                            ":1:19: error: include[1]: a configuration has at most 3 files\n");
  diagnostics_ = Diagnostics();
  Layers fewer(sources_, reading_, {.files = 2, .bytes = 100});
  EXPECT_TRUE(fewer.add(write("y.yaml", "include: \"*.yml\"")));
  EXPECT_EQ(problems(), (folder_ / "y.yaml").string() +
                            ":1:10: error: include: " + (folder_ / "*.yml").string() +
                            " finds 3 files, and a configuration has at most 2\n");
}

TEST_F(LayersTest, RefuseAGlobOverTheWholeFileSystem) {
  Layers layers(sources_, reading_);
  EXPECT_TRUE(layers.add(write("a.yaml", "include: \"/*/*/*/*/*/*/*\"")));
  EXPECT_FALSE(layers.complete());
  EXPECT_NE(problems().find("a.yaml:1:10: error: include: to find /*/*/*/*/*/*/* more than 100000 "
                            "entries of directories would have to be looked at"),
            std::string::npos)
      << problems();
}

TEST_F(LayersTest, LeaveHiddenFilesOfADirectoryAlone) {
  write("a.yaml", "{}");
  write(".#a.yaml", "not: [yaml");
  Layers layers(sources_, reading_);
  EXPECT_TRUE(layers.add(folder_.string()));
  EXPECT_TRUE(layers.complete());
  EXPECT_EQ(layers.list().size(), 1u);
}

TEST_F(LayersTest, AreNotCompleteWithoutTheTreeOfEachFile) {
  Layers layers(sources_, reading_);
  EXPECT_TRUE(layers.add(write("a.yaml", "a: [")));
  EXPECT_FALSE(layers.complete());
  Layers missing(sources_, reading_);
  EXPECT_TRUE(missing.add(write("b.yaml", "include: gone.yaml")));
  EXPECT_FALSE(missing.complete());
  Layers none(sources_, reading_);
  EXPECT_TRUE(none.add(write("c.yaml", "include: [gone/*.yaml]")));
  EXPECT_TRUE(none.complete());
}

TEST_F(LayersTest, TellAFolderWithoutFilesFromOneThatCannotBeRead) {
  Layers layers(sources_, reading_);
  EXPECT_EQ(layers.add(folder_.string()).error().origin, ErrorOrigin::Config);
  EXPECT_EQ(layers.add((folder_ / "gone").string()).error().origin, ErrorOrigin::System);
}

}  // namespace
}  // namespace weir::config
