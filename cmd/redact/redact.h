/* SPDX-License-Identifier: Apache-2.0 */
/* redact.h: what was asked of kmeta-redact, the pseudonyms, and the copy that is made. */
#ifndef REDACT_REDACT_H
#define REDACT_REDACT_H

#include "../common.h"
#include "../common/place.h"

/* ---- names.c: pseudonyms ---- */

/* What is replaced. Those before CLASS_SECRET may be kept. */
enum name_class {
	CLASS_TOPIC,
	CLASS_USER,
	CLASS_GROUP,
	CLASS_CLIENT,
	CLASS_HOST,
	CLASS_RACK,
	CLASS_LISTENER,
	CLASS_TRANSACTION,
	CLASS_VALUE,
	CLASS_SECRET,
	CLASS_ID,
	CLASS_TEXT, /* free text, and fields that no table knows */
	CLASS_RAW,  /* what was not understood */
	CLASSES
};

extern const struct option_word name_classes[];

enum { KEY_SIZE = 32 };

struct names {
	uint8_t *key;
	size_t key_size;
	void *by_name, *by_pseudonym; /* trees */
	struct name *last;            /* of all names, by their order */
	int64_t places[CLASSES];      /* that were replaced */
	int64_t distinct[CLASSES];
	const char *fault; /* NULL: none */
};

/*
 * Overwrites a name by its pseudonym, which has the same size: the same name always gets the same one,
 * and two names never do. False: there is no further pseudonym, or no memory.
 */
bool names_replace(struct names *n, enum name_class class, uint8_t *at, size_t size);

/* Overwrites bytes that are no name by others that follow from them and the key. */
bool names_replace_bytes(struct names *n, enum name_class class, uint8_t *at, size_t size);

/* Calls the function for each name that has a pseudonym. */
typedef void name_seen(void *context, enum name_class class, struct kmeta_bytes name,
                       struct kmeta_bytes pseudonym);
void names_each(const struct names *n, name_seen *seen, void *context);
void names_release(struct names *n);

/* ---- all of it ---- */

struct redact {
	struct common common;

	/* what was asked for */
	const char *out, *mode_text, *key_file, *map;
	unsigned kept; /* bits of classes */
	bool is_file, hide_ids, dry_run, no_verify;
	mode_t mode;

	char *path;
	struct names names;
	struct place place;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_buffer records, buffer; /* of a batch, and what waits to be written */
	int64_t files, batches, bytes, bytes_raw, bytes_total;
	int64_t left_out; /* files of the directory that were not copied */
};

/* ---- rules.c: which fields hold what ---- */

/* Overwrites what a record holds of names. "value" is the record's, to be written to. */
bool rules_redact(struct redact *r, const struct kmeta_fields *fields, uint8_t *value,
                  const uint8_t *original);

/* ---- batch.c ---- */

/* Appends a batch with all of it replaced that may not be shown. */
enum kmeta_status batch_redact(struct redact *r, const struct kmeta_batch *batch,
                               struct kmeta_finding *why);

/* Overwrites bytes that were not understood by words that say so. */
void redact_fill(struct redact *r, uint8_t *at, size_t size);

/* ---- files.c ---- */

enum kmeta_status files_redact(struct redact *r, struct kmeta_finding *why);

/* ---- report.c ---- */

void redact_report(struct redact *r);
enum kmeta_status redact_write_map(struct redact *r, struct place *place,
                                   struct kmeta_finding *why);

#endif
