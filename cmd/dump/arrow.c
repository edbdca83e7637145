/* SPDX-License-Identifier: Apache-2.0 */
/* arrow.c: records as a table of Arrow, for programs that read it. */
#include <string.h>
#include <unistd.h>

#include "dump.h"

/* No release has a type or version above this. A snapshot header is told by its size. */
enum { TYPES = 256, SNAPSHOT_HEADER_SIZE = 11 };

/* The terms that choose types, alone. NULL: there are none. */
static struct kmeta_filter *filter_of_types(const struct dump *d)
{
	struct kmeta_filter *filter = NULL;
	struct kmeta_finding ignored; /* the terms were taken once already */

	for (size_t i = 0; i < d->terms.count; i++) {
		const char *name = d->terms.at[i].option->name;

		if (strcmp(name, "type") != 0 && strcmp(name, "not-type") != 0)
			continue;
		if (!filter && !(filter = kmeta_filter_new()))
			common_usage(&d->common, "out of memory");
		if (kmeta_filter_add(filter, name, d->terms.at[i].value, (struct kmeta_clock){ 0 },
		                     &ignored) != KMETA_OK)
			common_usage(&d->common, "%s", ignored.message);
	}
	return filter;
}

/* The newest layout of the only type that the filter takes; NULL: it takes several. */
static const struct kmeta_schema *single_type(const struct kmeta_filter *filter)
{
	const struct kmeta_schema *found = NULL, *schema;
	const struct kmeta_batch batch = { .valid = true };

	for (int control = 0; control < 2; control++) {
		for (int32_t type = 0; type < TYPES; type++) {
			const struct kmeta_record record = { .control = control,
				                             .type = type,
				                             .value.size = SNAPSHOT_HEADER_SIZE };

			schema = NULL;
			for (int32_t v = 0; !schema && v < TYPES; v++)
				schema = kmeta_schema_find(control, type, v);
			if (!schema || !kmeta_filter_record(filter, &batch, &record))
				continue;
			if (found)
				return NULL;
			found = schema;
		}
	}
	return found;
}

void dump_begin_arrow(struct dump *d)
{
	struct kmeta_filter *filter;

	if (isatty(STDOUT_FILENO))
		common_usage(&d->common, "--output=arrow is for programs and not for a terminal: "
		                         "send standard output to a file or a pipe");
	if (d->common.flags & KMETA_SHOW_BATCH)
		common_usage(&d->common, "--batch does not go with --output=arrow");
	filter = filter_of_types(d);
	d->arrow = kmeta_arrow_new(filter ? single_type(filter) : NULL, d->common.flags);
	kmeta_filter_free(filter);
	if (!d->arrow)
		common_usage(&d->common, "out of memory");
}

bool dump_put_row(struct dump *d, const struct kmeta_line *line)
{
	if (kmeta_filter_needs_line(d->filter)) {
		d->search.size = 0;
		kmeta_json(&d->search, line, d->common.flags);
		if (!kmeta_filter_line(d->filter, d->search.at, d->search.size))
			return false;
	}
	kmeta_arrow_record(d->arrow, &d->common.out.buffer, line);
	return true;
}
