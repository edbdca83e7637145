/* SPDX-License-Identifier: Apache-2.0 */
/* table_terms.h: terms that choose rows of a table: leader=none rf<3 topic~svc isr<replicas. */
#ifndef BROWSE_MODEL_TABLE_TERMS_H
#define BROWSE_MODEL_TABLE_TERMS_H

#include "table_columns.h"

enum { TERMS_LIMIT = 16 };

enum term_compare {
	TERM_HAS, /* contains, whatever the case */
	TERM_HAS_NOT,
	TERM_IS, /* is one of some values, which may be patterns */
	TERM_IS_NOT,
	TERM_BELOW,
	TERM_ABOVE,
	TERM_UP_TO,
	TERM_FROM
};

struct table_term {
	const struct column *column; /* NULL: any */
	enum term_compare compare;
	const struct column *other; /* to compare with; NULL: "text" or "number" */
	char *text;
	double number;
};

/* Initialize it with { 0 }, which has no terms: every row meets it. */
struct table_terms {
	struct table_term at[TERMS_LIMIT];
	size_t count;
	struct kmeta_buffer left, right; /* the cells of a term */
};

/* A blank or a comma behind a backslash is part of a value. False: "why" says what is wrong. */
bool table_terms_parse(struct table_terms *terms, const struct table_kind *kind, const char *text,
                       char *why, size_t why_size);
void table_terms_release(struct table_terms *terms);

bool table_terms_match(struct table_terms *terms, const struct table_row *row);

/* Appends a value so that terms take each of its characters for itself. */
void table_terms_quote(struct kmeta_buffer *out, struct kmeta_bytes value);

/* Appends the names of all columns: "topic, partition, leader". */
void table_terms_known(struct kmeta_buffer *out, const struct table_kind *kind);

#endif
