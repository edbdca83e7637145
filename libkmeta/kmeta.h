/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta.h: read the metadata log of a Kafka KRaft quorum.
 *
 * A program opens a source (a segment, a checkpoint, a directory of them, or standard input), asks
 * it for one record batch after another, walks the records of each batch, decodes those it wants
 * into a flat array of fields, and prints that array or looks at it:
 *
 *	struct kmeta_dialect dialect;
 *	struct kmeta_fields fields = { 0 };
 *
 *	kmeta_dialect_init(&dialect, NULL);
 *	kmeta_source_open(&source, "/var/kafka/__cluster_metadata-0", NULL, &finding);
 *	while (kmeta_source_next(source, &batch, &finding) == KMETA_OK) {
 *		struct kmeta_cursor cursor = { 0 };
 *		while (kmeta_batch_next(&batch, &cursor, &record, &finding) == KMETA_OK)
 *			if (kmeta_decode(&dialect, &record, &fields, &finding) == KMETA_OK)
 *				... kmeta_fields_find(&fields, "leader") ...
 *	}
 *	kmeta_fields_release(&fields);
 *	kmeta_source_close(source);
 *
 * Rules that hold for every function here:
 *
 * - Nothing is printed, no signal is handled, no process is ended, there are no globals. An object
 *   belongs to one thread at a time; any number of objects may be used side by side.
 * - A call that takes in a large log (load, history, stat, verify) may have a thread of its own
 *   until it returns. That takes no signals, and calls nobody back unless it is said so.
 * - No input can crash a call: every byte read is taken to be wrong until it was checked. Memory
 *   is bounded by KMETA_BATCH_LIMIT, not by what the input claims.
 * - Inspected files are only read: never created, locked, or touched.
 * - Outputs are written on success, the finding on failure only. "free" and "close" take NULL.
 * - Offsets and sizes are in records and bytes; times are milliseconds since 1970-01-01 UTC.
 */
#ifndef KMETA_H
#define KMETA_H

#include <kmeta/base.h>
#include <kmeta/check.h>
#include <kmeta/log.h>
#include <kmeta/print.h>
#include <kmeta/record.h>
#include <kmeta/state.h>

#endif
