/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h: tests that run once for each row of a table. */
#ifndef KMETA_TEST_ROWS_H
#define KMETA_TEST_ROWS_H

#include <criterion/parameterized.h>

#include "make.h"

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
