/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h: Criterion for all tests here: tests that run once for each row of a table. */
#ifndef KMETA_TEST_ROWS_H
#define KMETA_TEST_ROWS_H

#include <criterion/criterion.h>
#include <criterion/hooks.h>
#include <criterion/parameterized.h>

#include "make.h"

/* With several jobs Criterion 2.4 itself leaks, which would hide leaks of ours. */
ReportHook(PRE_ALL)(struct criterion_test_set *tests)
{
	(void)tests;
	criterion_options.jobs = 1;
}

/*
 * Runs ParameterizedTest(const size_t *row, suite, name) for each row of "table". Each is a process
 * of its own, in which only plain values arrive: that is why it is handed the row's number.
 */
#define ROWS(suite, name, table)                                            \
	ParameterizedTestParameters(suite, name)                            \
	{                                                                   \
		static size_t numbers_[COUNT(table)];                       \
                                                                            \
		for (size_t i_ = 0; i_ < COUNT(table); i_++)                \
			numbers_[i_] = i_;                                  \
		return cr_make_param_array(size_t, numbers_, COUNT(table)); \
	}

#endif
