/* SPDX-License-Identifier: Apache-2.0 */
/* kmeta/log.h: a log as a stream of batches, or as pages. */
#ifndef KMETA_LOG_H
#define KMETA_LOG_H

#include <kmeta/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Sources: one stream of batches ---- */

/* Both ends are included. */
struct kmeta_range {
	int64_t first, last;
};

struct kmeta_source;

/* What to read and how. All zero: everything, forwards, to the end. */
struct kmeta_source_options {
	size_t size;                       /* sizeof(struct kmeta_source_options) */
	const struct kmeta_range *offsets; /* batches wholly outside are passed over by their
	                                      headers, segments by their */
	const struct kmeta_range *times;   /* names and time indexes; what is passed over is not
	                                      checked. Copied; NULL: all */
	const struct kmeta_range *epochs;
	bool reverse; /* the newest batch first; only files that can be read at any place */
	bool follow;  /* an unfinished batch at the end is not damage: kmeta_source_wait() */
	void (*opened)(void *context,
	               const char *file); /* told of each file as it is begun; may be NULL */
	void *context;
};

/*
 * Opens an address: a segment (.log), a checkpoint, a metadata directory or the log directory above
 * it (all its segments in order), or "-" (standard input). Files may be compressed whole by gzip,
 * zstd or lz4. A file's name is a hint and never needed. On failure "why" says what to do; close
 * the source with kmeta_source_close().
 */
KMETA_CHECKED enum kmeta_status kmeta_source_open(struct kmeta_source **source, const char *address,
                                                  const struct kmeta_source_options *options,
                                                  struct kmeta_finding *why);

/*
 * The next batch. DAMAGED: "batch" holds the damaged batch if its frame could be told (size is not
 * 0; its records may be walked, but not trusted), and the next call resumes at the next batch whose
 * checksum is right. END, forwards: "batch" tells only in "skipped" how many bytes were passed over
 * at the end of the last file.
 */
KMETA_CHECKED enum kmeta_status kmeta_source_next(struct kmeta_source *source,
                                                  struct kmeta_batch *batch,
                                                  struct kmeta_finding *why);

/*
 * With "follow", after END: waits up to "milliseconds" for the file or directory to change. OK: ask
 * for the next batch again. END: nothing happened. DAMAGED: a file was cut, replaced or removed, as
 * the finding says.
 */
KMETA_CHECKED enum kmeta_status kmeta_source_wait(struct kmeta_source *source, int milliseconds,
                                                  struct kmeta_finding *why);

/*
 * Bytes of the input read or passed over so far, and in all; total -1: unknown (standard input,
 * compressed).
 */
KMETA_API void kmeta_source_progress(const struct kmeta_source *source, int64_t *done,
                                     int64_t *total);

KMETA_API void kmeta_source_close(struct kmeta_source *source);

/*
 * The newest checkpoint beside a directory's segments whose end offset is not above "limit": a path
 * that the caller frees, and its end offset. END: there is none, or the address is no directory.
 */
KMETA_CHECKED enum kmeta_status kmeta_newest_checkpoint(const char *address, int64_t limit,
                                                        char **path, int64_t *end_offset,
                                                        struct kmeta_finding *why);

/* ---- Pages: the rows of a log at any place, for who goes to and fro in it ---- */

/* Where a row stands. Places compare by file, position and index. */
struct kmeta_place {
	size_t file;      /* number of the file among those of the address */
	int64_t position; /* of the batch, or of damage */
	int32_t index;    /* of the record in its batch; -1: damage in front of it */
};

/* A record, or damage. */
struct kmeta_row {
	struct kmeta_place place;
	size_t batch; /* its number in the page; of damage outside all batches, that of the next */
	int32_t damage;             /* its number in the page, -1: the row is a record */
	struct kmeta_record record; /* of a batch that may be damaged: see its "valid" */
};

struct kmeta_page_damage {
	size_t batch; /* number of the batch that it is in, or in front of */
	struct kmeta_finding finding;
};

/*
 * A stretch of a file as rows, which own what they point to. Start with {0}; read as often as you
 * like; release once.
 */
struct kmeta_page {
	size_t file;
	int64_t begin, end;
	const struct kmeta_batch *batches;
	const struct kmeta_page_damage *damage;
	const struct kmeta_row *rows;
	size_t batches_count, damage_count, rows_count;
	struct kmeta_page_memory *memory; /* the library's own */
};

KMETA_API void kmeta_page_release(struct kmeta_page *page);

/*
 * Bytes that it holds: usually some hundred thousand, but a small batch may unpack to very many
 * records.
 */
KMETA_API size_t kmeta_page_memory(const struct kmeta_page *page);

struct kmeta_pages;

/* One file: name as it is shown, and a path under which its plain content can be read. */
struct kmeta_pages_file {
	const char *name, *path; /* NULL: there is no such file */
	int64_t size;
};

/*
 * Opens an address as kmeta_source_open() does. Standard input and compressed files are first
 * copied, unpacked, to a temporary file without a name.
 */
KMETA_CHECKED enum kmeta_status kmeta_pages_open(struct kmeta_pages **pages, const char *address,
                                                 struct kmeta_finding *why);
KMETA_API void kmeta_pages_close(struct kmeta_pages *pages);

/*
 * The same files for another thread; the first object must be there as long as any of its copies.
 * NULL: out of memory.
 */
KMETA_CHECKED struct kmeta_pages *kmeta_pages_copy(const struct kmeta_pages *pages);
KMETA_API struct kmeta_pages_file kmeta_pages_file(const struct kmeta_pages *pages, size_t file);

/*
 * Reads the rows of the batches that begin from "position" on and before "end"; fewer where they
 * unpack to very much. "position" is where a batch begins, or where another page ended. END: there
 * is no such file.
 */
KMETA_CHECKED enum kmeta_status kmeta_pages_read(struct kmeta_pages *pages, size_t file,
                                                 int64_t position, int64_t end,
                                                 struct kmeta_page *page,
                                                 struct kmeta_finding *why);

/*
 * The position of the first batch from "position" on whose checksum is right, 0 if that is asked
 * for; "end" if there is none before it.
 */
KMETA_API int64_t kmeta_pages_find(struct kmeta_pages *pages, size_t file, int64_t position,
                                   int64_t end);

/* Bytes of a file as they are; returns how many there were. */
KMETA_API size_t kmeta_pages_bytes(struct kmeta_pages *pages, size_t file, int64_t position,
                                   void *at, size_t size);

/*
 * Looks whether files have grown, or segments came behind the last. OK: there is more. END: nothing
 * new. DAMAGED: something was cut, replaced or removed, as the finding says, and what was read
 * before may be there no more.
 */
KMETA_CHECKED enum kmeta_status kmeta_pages_refresh(struct kmeta_pages *pages,
                                                    struct kmeta_finding *why);

#ifdef __cplusplus
}
#endif

#endif
