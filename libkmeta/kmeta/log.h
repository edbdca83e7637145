/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/log.h: a log as a stream of batches, or as pages for programs that move about in it.
 *
 * A source opens an address and returns one batch after another, each with its checksum checked and
 * its records decompressed:
 *
 *	static int print_batches(const char *path)
 *	{
 *		struct kmeta_source *source;
 *		struct kmeta_batch batch;
 *		struct kmeta_finding why;
 *		enum kmeta_status status;
 *
 *		if (kmeta_source_open(&source, path, NULL, &why) != KMETA_OK)
 *			return 2;
 *		while ((status = kmeta_source_next(source, &batch, &why)) != KMETA_END) {
 *			if (status == KMETA_FAILED)
 *				break;
 *			if (status == KMETA_OK)
 *				printf("%lld: %d records\n", (long long)batch.base_offset,
 *				       batch.count);
 *		}
 *		kmeta_source_close(source);
 *		return status == KMETA_END ? 0 : 2;
 *	}
 *
 * The library only reads. It creates, locks and changes nothing in what it reads, so the directory
 * of a running controller is as good as a copy.
 */
#ifndef KMETA_LOG_H
#define KMETA_LOG_H

#include <kmeta/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Points: moments of a log ---- */

/* What a point is. */
enum kmeta_point_kind {
	/* The end of the log: its last state. "value" is not used. */
	KMETA_POINT_END,

	/* The first known state: an empty one, or that of the oldest checkpoint. */
	KMETA_POINT_START,

	/* An end offset, as Kafka names its checkpoints: all records below it. */
	KMETA_POINT_OFFSET,

	/* A time in milliseconds since 1970 UTC: all batches that are not later. */
	KMETA_POINT_TIME
};

/*
 * A moment of a log: the state made by all records below an offset, or by all batches that are not
 * later than a time. { 0 } is the end.
 */
struct kmeta_point {
	enum kmeta_point_kind kind;
	int64_t value;  /* an end offset or milliseconds; unused for start and end */
	bool is_of_day; /* it was given as a time of day, without its date */
};

/*
 * Looks up where a log ends, in little time: the offset after its last sound batch, and the time of
 * that batch in milliseconds. "address" is as for kmeta_source_open().
 *
 * OK: both are set. END: there is no batch, or the end cannot be found without reading all of it,
 * as in a pipe, a compressed file, or a checkpoint. FAILED: the address cannot be read.
 */
KMETA_CHECKED enum kmeta_status kmeta_log_end(const char *address, int64_t *end_offset,
                                              int64_t *time, struct kmeta_finding *why);

/* ---- Sources: one stream of batches ---- */

/* A range of numbers. Both ends belong to it. */
struct kmeta_range {
	/* The lowest and the highest number. INT64_MIN and INT64_MAX leave an end open. */
	int64_t first, last;
};

/*
 * An open address: a file, or the segments of a directory one after the other. Opaque; close it
 * with kmeta_source_close(). It holds one file open at a time and a window of it in memory.
 */
struct kmeta_source;

/*
 * What to read of an address, and how. Set "size" to sizeof the struct and leave the rest zero for
 * everything, forwards, to the end.
 *
 * The ranges skip what is outside of them as cheaply as they can: batches by their headers,
 * segments by their names and time indexes. What is skipped is not checked for damage. A batch that
 * is partly inside is returned whole, so a caller still looks at the offset and time of each
 * record.
 */
struct kmeta_source_options {
	/* sizeof(struct kmeta_source_options) */
	size_t size;

	/*
	 * Ranges of offsets of records, of times in milliseconds since 1970 UTC, and of leader
	 * epochs. A batch has to be partly inside of all that are given. Copied by
	 * kmeta_source_open(). NULL: all.
	 */
	const struct kmeta_range *offsets;
	const struct kmeta_range *times;
	const struct kmeta_range *epochs;

	/*
	 * Where the stream ends: before the first batch that begins at or above the end offset, or
	 * that is later than the time. A batch that the offset is in is returned whole, too. Of
	 * checkpoints, which hold one state, none is cut. Copied. NULL: the end of the log.
	 */
	const struct kmeta_point *until;

	/*
	 * The newest batch first; the records in a batch stay in order. Only plain files and
	 * directories can be read so, not pipes and compressed files.
	 */
	bool reverse;

	/*
	 * The log may grow: a batch that is cut off by the end of the last file is not damage, and
	 * kmeta_source_wait() waits for more. Not for pipes and compressed files.
	 */
	bool follow;

	/*
	 * Take no directory, pipe or device. A directory may hold one by mistake, and reading it
	 * would wait or go wrong. Files of a directory address are always opened so.
	 */
	bool regular;

	/*
	 * Called with the name of each file before its first batch is read, and the first time by
	 * kmeta_source_open() itself if the address is a file. The name is valid as long as the
	 * source. May be NULL.
	 */
	void (*opened)(void *context, const char *file);

	/* Passed to "opened". Like the function, it has to stay valid as long as the source. */
	void *context;
};

/*
 * Opens an address, which is one of these:
 *
 * - a segment (.log) or a checkpoint (.checkpoint); the name is a hint and never needed;
 * - a metadata directory (__cluster_metadata-0), or the log directory above it: all its segments as
 *   one stream in the order of their offsets. Checkpoints are not part of the stream, unless there
 *   is no segment: then it is the newest of them;
 * - "-" for standard input, which holds what a segment or checkpoint would.
 *
 * Files and standard input may be compressed whole by gzip, zstd or lz4; their first bytes tell.
 * "options" NULL: everything, forwards.
 *
 * OK: "source" is set, and the caller closes it. FAILED: KMETA_CANNOT_READ with the errno,
 * KMETA_NOT_A_LOG for a directory without segments, KMETA_BAD_ARGUMENT for an option that does not
 * go with the address, or KMETA_OUT_OF_MEMORY. "why" names no file; the message does, if it is
 * another one than the address.
 */
KMETA_CHECKED enum kmeta_status kmeta_source_open(struct kmeta_source **source, const char *address,
                                                  const struct kmeta_source_options *options,
                                                  struct kmeta_finding *why);

/*
 * Returns the next batch. The batch borrows from the source and is valid until the next call.
 *
 * OK: the batch is as it was written. END: the end of the last file; "skipped" of "batch" then says
 * how many damaged bytes are before that end, and its other members mean nothing. DAMAGED: "why"
 * says what is wrong. If the frame of the damaged batch is readable, "batch" holds it (its size is
 * not 0): its records can be walked but not trusted. The next call continues with the next batch
 * whose checksum is right. FAILED: a file cannot be read, or memory ran out; further calls fail
 * too.
 */
KMETA_CHECKED enum kmeta_status kmeta_source_next(struct kmeta_source *source,
                                                  struct kmeta_batch *batch,
                                                  struct kmeta_finding *why);

/*
 * With the option "follow", after END: waits up to "milliseconds" until the file or directory
 * changes. New segments are followed as they appear.
 *
 * OK: something changed; call kmeta_source_next() again. END: nothing changed within the time.
 * DAMAGED: a file was cut, replaced or removed, as "why" says; the source goes on with what there
 * is now. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_source_wait(struct kmeta_source *source, int milliseconds,
                                                  struct kmeta_finding *why);

/*
 * Sets "done" to the bytes of the input that were read or skipped so far, and "total" to the bytes
 * of all input, -1 for standard input and 0 for a named pipe. A log that grows makes both grow. Of
 * a file that is compressed as a whole, both count its compressed bytes. Constant time.
 */
KMETA_API void kmeta_source_progress(const struct kmeta_source *source, int64_t *done,
                                     int64_t *total);

/*
 * Closes a source and frees it, with the names of its files, which batches and findings borrow.
 * NULL is fine.
 */
KMETA_API void kmeta_source_close(struct kmeta_source *source);

/*
 * Finds the newest checkpoint in a directory whose end offset is not above "limit", by its name
 * (ENDOFFSET-EPOCH.checkpoint). It is not opened, so it may be damaged.
 *
 * OK: "path" is set, and the caller frees it with free(); "end_offset" is the offset after the last
 * record that is part of the checkpoint's state. END: there is no such checkpoint, or the address
 * is no directory. FAILED: the directory cannot be read.
 */
KMETA_CHECKED enum kmeta_status kmeta_newest_checkpoint(const char *address, int64_t limit,
                                                        char **path, int64_t *end_offset,
                                                        struct kmeta_finding *why);

/* ---- Pages: the rows of a log at any place, in any order ---- */

/*
 * Where a row is in a log: the number of the file among those of the address, the position of its
 * batch (or of damage) in bytes, and the number of the record in the batch; -1 for damage before
 * the batch. Places are ordered by these three, as the log is.
 */
struct kmeta_place {
	/* The number of the file, from 0 on in the order of the log. */
	size_t file;

	/* The first byte of the batch, or of the damage, in the file. */
	int64_t position;

	/* The number of the record in the batch, from 0 on. -1: damage before the batch. */
	int32_t index;
};

/* One row of a page: a record, or damage. */
struct kmeta_row {
	/* Where it is, to come back to it in another page. */
	struct kmeta_place place;

	/*
	 * The number of its batch in the page; for damage outside of batches, of the next one,
	 * which may be past the last.
	 */
	size_t batch;

	/* The number of the damage in the page; -1: the row is a record. */
	int32_t damage;

	/*
	 * The record, all zero if the row is damage. If the batch is not "valid", it may be wrong
	 * anywhere.
	 */
	struct kmeta_record record;
};

/*
 * True for the NO_OP_RECORD that an active controller writes twice a second when nothing else
 * happens (KIP-835). False for damage.
 */
KMETA_API bool kmeta_row_is_no_op(const struct kmeta_row *row);

/*
 * True for the LEADER_CHANGE record that a new leader writes first. Release 2.8 gave it the number
 * that is now the header of a checkpoint, so that header counts too. False for damage.
 */
KMETA_API bool kmeta_row_is_leader_change(const struct kmeta_row *row);

/* Damage in a page, and the number of the batch that holds it or follows it. */
struct kmeta_page_damage {
	/* The number of the batch in the page that holds the damage or follows it. */
	size_t batch;

	/* What is wrong, and where. The name of the file is borrowed from the pages. */
	struct kmeta_finding finding;
};

/*
 * A stretch of a file as rows. Set it to { 0 }, read into it as often as you like, and release it
 * once. It owns all that its pointers lead to, which is valid until the next read into it, even
 * after the file is gone. Only the names of files in its batches and findings are borrowed from the
 * pages.
 */
struct kmeta_page {
	/* The number of the file. */
	size_t file;

	/*
	 * The positions of the stretch in bytes. The next page begins at "end"; INT64_MAX: the file
	 * ends with this page.
	 */
	int64_t begin, end;

	/* The batches that begin in the stretch, the damage, and the rows of both, in order. */
	const struct kmeta_batch *batches;
	const struct kmeta_page_damage *damage;
	const struct kmeta_row *rows;

	/* How many there are of each. All may be 0. */
	size_t batches_count, damage_count, rows_count;

	/* The library's own: what the pointers lead to. */
	struct kmeta_page_memory *memory;
};

/* Frees what a page holds and sets it to { 0 }. The struct itself stays the caller's. */
KMETA_API void kmeta_page_release(struct kmeta_page *page);

/*
 * Returns how many bytes a page holds: usually some hundred thousand, but a small batch may unpack
 * to very many records. For programs that keep several pages.
 */
KMETA_API size_t kmeta_page_memory(const struct kmeta_page *page);

/*
 * The files of an address, open for pages. Opaque; free it with kmeta_pages_close(). A program that
 * prints the last rows of a log reads its last page:
 *
 *	struct kmeta_page page = { 0 };
 *	struct kmeta_pages_file info;
 *	size_t file = 0;
 *
 *	if (kmeta_pages_open(&pages, address, &why) != KMETA_OK)
 *		return 2;
 *	while (kmeta_pages_file(pages, file + 1).name)
 *		file++;
 *	info = kmeta_pages_file(pages, file);
 *	start = kmeta_pages_find(pages, file, info.size - 65536, info.size);
 *	if (kmeta_pages_read(pages, file, start, INT64_MAX, &page, &why) == KMETA_OK)
 *		for (i = 0; i < page.rows_count; i++)
 *			if (page.rows[i].damage < 0)
 *				... page.rows[i].record.offset ...
 *	kmeta_page_release(&page);
 *	kmeta_pages_close(pages);
 */
struct kmeta_pages;

/*
 * One file of an address. Both strings are borrowed from the pages, and NULL if there is no such
 * file.
 */
struct kmeta_pages_file {
	/* Its name for people, as the caller or the directory gives it. */
	const char *name;

	/* A path to its plain content: a temporary file if it is compressed or a pipe. */
	const char *path;

	/* Its size in bytes, when it was opened or refreshed last. */
	int64_t size;
};

/*
 * Opens an address as kmeta_source_open() does. Standard input and compressed files are first
 * copied to a temporary file without a name, in TMPDIR or /tmp. A directory that holds nothing but
 * checkpoints is opened as the newest of them.
 *
 * OK: "pages" is set, and the caller closes it. FAILED: "why" says what is wrong.
 */
KMETA_CHECKED enum kmeta_status kmeta_pages_open(struct kmeta_pages **pages, const char *address,
                                                 struct kmeta_finding *why);

/*
 * Closes the files, deletes temporary copies and frees the object, with the names of its files.
 * Rows and bytes of pages that were read stay valid. NULL is fine.
 */
KMETA_API void kmeta_pages_close(struct kmeta_pages *pages);

/*
 * Returns a second object for the same files, for another thread: one object belongs to one thread
 * at a time, as it keeps a file open. The caller closes the copy, before the first object, to which
 * temporary files belong. NULL: out of memory.
 */
KMETA_CHECKED struct kmeta_pages *kmeta_pages_copy(const struct kmeta_pages *pages);

/*
 * Returns a file by its number, from 0 on in the order of the log. Past the last: all NULL and 0,
 * which ends a loop over the files. The strings are valid until the pages are closed.
 */
KMETA_API struct kmeta_pages_file kmeta_pages_file(const struct kmeta_pages *pages, size_t file);

/*
 * Reads the rows of the batches of a file that begin from "position" on and before "end"; fewer if
 * they unpack to very much. "position" is 0, the start of a batch, or where another page ended.
 * Damage is rows too, so a file can always be read to its end.
 *
 * OK: "page" holds the rows, maybe none. END: there is no such file. FAILED: the file cannot be
 * opened, or memory ran out.
 */
KMETA_CHECKED enum kmeta_status kmeta_pages_read(struct kmeta_pages *pages, size_t file,
                                                 int64_t position, int64_t end,
                                                 struct kmeta_page *page,
                                                 struct kmeta_finding *why);

/*
 * Returns the position of the first batch from "position" on whose checksum is right; "end" if none
 * begins before it. Position 0 is returned as it is, since a file begins there.
 */
KMETA_API int64_t kmeta_pages_find(struct kmeta_pages *pages, size_t file, int64_t position,
                                   int64_t end);

/*
 * Copies up to "size" bytes of a file from "position" on to "at", as they are in the file
 * (decompressed, if the file is compressed as a whole). Returns how many there were: fewer at the
 * end of the file, 0 if it cannot be read. For programs that show a record as bytes.
 */
KMETA_API size_t kmeta_pages_bytes(struct kmeta_pages *pages, size_t file, int64_t position,
                                   void *at, size_t size);

/*
 * Looks whether files have grown, or new segments follow the last. It does not wait. Pages that
 * were read stay as they are. Temporary copies do not grow.
 *
 * OK: there is more to read. END: nothing changed. DAMAGED: a file was cut, replaced or removed, or
 * a new one cannot be read, as "why" says; rows that were read before may no longer exist. It never
 * returns FAILED.
 */
KMETA_CHECKED enum kmeta_status kmeta_pages_refresh(struct kmeta_pages *pages,
                                                    struct kmeta_finding *why);

#ifdef __cplusplus
}
#endif

#endif
