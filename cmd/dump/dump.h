/* SPDX-License-Identifier: Apache-2.0 */
/* dump.h: what was asked of kmeta-dump, and how far it is. */
#ifndef DUMP_DUMP_H
#define DUMP_DUMP_H

#include "../common.h"

enum dump_format {
	DUMP_TEXT = KMETA_LINE_TEXT,
	DUMP_JSON = KMETA_LINE_JSON,
	DUMP_KAFKA = KMETA_LINE_KAFKA,
	DUMP_ARROW
};

struct dump {
	struct common common;
	enum dump_format format;
	bool reverse, follow, salvage, fold_noops, lists_types;
	int64_t limit;            /* -1: none */
	unsigned jobs;            /* batches that are printed side by side; 0: none was named */
	struct option_list terms; /* of the filter, as given */
	struct kmeta_filter *filter;
	struct kmeta_matcher *matcher; /* NULL: the header of a record is all that counts */

	/* Of the address that is being read. */
	struct kmeta_point until;
	struct kmeta_topics *topics; /* NULL: nobody asks for names */
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_text *text;
	struct kmeta_printer *printer;
	struct kmeta_arrow *arrow;  /* of DUMP_ARROW */
	struct kmeta_buffer search; /* the line of a row, where rows are searched */
	struct kmeta_fold fold;     /* no-ops that no line stands for yet */
	int64_t folded;             /* and all before them */
	int64_t printed, next_offset;
	int64_t read;      /* bytes of batches, until there is a crew */
	struct crew *crew; /* NULL: all is printed in place */
	bool crew_tried;
	bool ended;    /* by damage inside a batch */
	bool is_ahead; /* of its turn, in a member of a crew: whose reports must wait */
	bool stopped;  /* it is ahead, and had something to report */
	struct kmeta_cursor *cursors; /* of one batch, to print its records backwards */
	size_t cursors_capacity;
};

/* The batch that is being printed. */
struct printed_batch {
	const struct kmeta_batch *batch;
	const struct kmeta_finding *damage; /* NULL: it is sound */
	bool announced;                     /* its own line was printed */
	int32_t records;                    /* that could be told apart */
	struct kmeta_cursor from;           /* where to begin */
	size_t end;                         /* where to stop, in its records; 0: at its end */
};

/* ---- types.c ---- */

/* With --type=list: each type of record, and what it is for. */
void dump_list_types(struct dump *d);

/* Ends the process if one of the types that an option names is none, and says which are near. */
void dump_refuse_type(const struct dump *d, const struct option_value *term);

/* ---- arrow.c ---- */

/* Begins the table: of the type that was asked for, if it is a single one. */
void dump_begin_arrow(struct dump *d);

/* The record as a row; false: the filter refuses its line. */
bool dump_put_row(struct dump *d, const struct kmeta_line *line);

/* ---- lines.c ---- */

/* Nobody reads any more, or all that was asked for is printed. */
bool dump_is_done(const struct dump *d);

/* Takes a record that is a no-op to be folded; false: it is none. */
bool dump_fold(struct dump *d, const struct kmeta_batch *batch, const struct kmeta_record *record);
void dump_print_fold(struct dump *d);

/* The line of the batch, once. */
void dump_announce(struct dump *d, struct printed_batch *printed);

/* A record, unless the filter refuses its line. */
void dump_print_line(struct dump *d, struct printed_batch *printed, const struct kmeta_line *line);

/*
 * The same of a usual record whose fields the filter accepts, without decoding it; false: it is
 * another, and nothing was printed.
 */
bool dump_print_usual(struct dump *d, struct printed_batch *printed,
                      const struct kmeta_record *record);

/* ---- records.c ---- */

/* Makes the matcher, if the filter needs one. False: out of memory. */
bool dump_find_matcher(struct dump *d);

/* Reports a fault of the log. What is ahead of its turn stops instead. */
void dump_report(struct dump *d, const struct kmeta_finding *finding);

/* Says, after damage, how to go on behind it. */
void dump_hint(struct dump *d);

/* Prints the records of a batch; false: it is damaged inside, and --salvage was not given. */
bool dump_records(struct dump *d, struct printed_batch *printed);

/* ---- nothing.c ---- */

/* If nothing was printed of what was asked for, says so. */
void dump_say_nothing(struct dump *d);

/* ---- source.c ---- */

/* Prints a batch; false: it is damaged inside, and --salvage was not given. */
bool dump_batch(struct dump *d, struct printed_batch *printed);

void dump_address(struct dump *d, const char *address);

#endif
