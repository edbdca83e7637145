/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta.h: read, replay, compare and check the metadata log of a Kafka KRaft quorum.
 *
 * This header includes one header for each room of the library, lowest first. Each begins with an
 * example and documents every call:
 *
 * - kmeta/base.h: how a call ends, findings, bytes and buffers
 * - kmeta/record.h: batches, records, and their fields; batches to write
 * - kmeta/log.h: a log as a stream of batches, or as pages
 * - kmeta/net.h: the log of a live quorum, and its checkpoints
 * - kmeta/print.h: records, values and entities in words; filters; addresses
 * - kmeta/state.h: the state that a log makes, what is in it, how it changes; checkpoints to write
 * - kmeta/check.h: whether logs are whole, whether nodes agree, and what fills a log
 *
 * A whole program is in libkmeta(3). In short, reading a log goes like this:
 *
 *	struct kmeta_dialect dialect;
 *	struct kmeta_fields fields = { 0 };
 *
 *	if (!kmeta_dialect_init(&dialect, NULL) ||
 *	    kmeta_source_open(&source, "/var/kafka/__cluster_metadata-0", NULL, &why) != KMETA_OK)
 *		return 2;
 *	while (kmeta_source_next(source, &batch, &why) == KMETA_OK) {
 *		struct kmeta_cursor cursor = { 0 };
 *
 *		while (kmeta_batch_next(&batch, &cursor, &record, &why) == KMETA_OK)
 *			if (kmeta_decode(&dialect, &record, &fields, &why) == KMETA_OK)
 *				... kmeta_fields_find(&fields, "leader") ...
 *	}
 *	kmeta_fields_release(&fields);
 *	kmeta_source_close(source);
 *
 * These rules hold for every function:
 *
 * - The library prints nothing, handles no signal, ends no process, and has no globals.
 * - An object belongs to one thread at a time. Any number of objects may be used in parallel.
 *   Functions that take no object, such as kmeta_code_name(), may be called by any thread.
 * - A call that reads a large log (load, history, stat, verify) may have threads of its own until
 *   it returns. They call no function of the caller unless it says so. The thread that reads ahead
 *   blocks all signals; those of kmeta_verify() have the signal mask of the caller.
 * - No input can crash a call: every byte is taken to be wrong until it was checked. Memory is
 *   bounded by KMETA_BATCH_LIMIT, not by what the input claims.
 * - Inspected files are only read: never created, locked or touched.
 * - Output parameters are set on success, the finding on failure only. Where a call sets one in
 *   both cases, it says so. No output parameter and no finding may be NULL.
 * - An object that a call makes belongs to the caller, who passes it to the _free or _close of its
 *   type. A string that a call sets through char ** is freed with free(). Every other pointer is
 *   borrowed; the call says from what, and until when.
 * - Functions that free or close take NULL.
 * - Offsets count records, sizes and positions are bytes, times are milliseconds since 1970 UTC.
 * - Structs of options begin with their size. Set it to sizeof the struct, and members that a later
 *   release adds are zero for programs that do not know them. NULL stands for a struct of zeros. A
 *   size of 0, or a member that is set and that an older library does not have, is refused with
 *   KMETA_BAD_ARGUMENT.
 * - Formats are Kafka's: batches are DefaultRecordBatch with magic 2 (KIP-98), metadata records and
 *   control records are those of the message definitions in Kafka's source, and what records do is
 *   taken from MetadataDelta and the classes below it.
 */
#ifndef KMETA_H
#define KMETA_H

/* Lowest first. */
/* clang-format off */
#include <kmeta/base.h>
#include <kmeta/record.h>
#include <kmeta/log.h>
#include <kmeta/net.h>
#include <kmeta/print.h>
#include <kmeta/state.h>
#include <kmeta/events.h>
#include <kmeta/check.h>
/* clang-format on */

#endif
