#pragma once

#include "config/build/loading.h"
#include "config/diagnostics.h"
#include "config/model/question.h"
#include "config/model/request_test.h"

namespace weir::config {

Result<Question> question_of(const model::RequestTest& test);

// Reports to `loading` which of its tests cannot be asked of `built`, as they are written: no
// listener has the port, nothing has the name. What Weir does is the same with them.
// Nothing is said of what may be where some lacks.
void report_test_mistakes(const server::Snapshot& built, const Gaps& gaps, Severity severity,
                          Loading& loading);
// The same of ports alone: what else is wrong is then what came of the test.
void report_ports_of_tests(const server::Snapshot& built, const Gaps& gaps, Severity severity,
                           Loading& loading);

}  // namespace weir::config
