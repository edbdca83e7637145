/* SPDX-License-Identifier: Apache-2.0 */
/* finding.h: filling in a kmeta_finding where the fact is known. */
#ifndef KMETA_BASE_FINDING_H
#define KMETA_BASE_FINDING_H

#include "kmeta/base.h"

/*
 * Fills "why"; file, position and offset stay unknown until the caller sets them. Returns FAILED
 * for a code that ends the work, else DAMAGED.
 */
__attribute__((format(printf, 3, 4))) enum kmeta_status finding_set(struct kmeta_finding *why,
                                                                    enum kmeta_code code,
                                                                    const char *format, ...);

/* True for the codes that end the work: what they are about was not looked at. */
bool finding_is_fatal(enum kmeta_code code);

/* CANNOT_READ with errno's text, or OUT_OF_MEMORY. */
enum kmeta_status finding_system(struct kmeta_finding *why, const char *file, int error,
                                 const char *doing);
enum kmeta_status finding_memory(struct kmeta_finding *why);

/* Fills in STOPPED and returns FAILED: the caller asked to stop. */
enum kmeta_status finding_stopped(struct kmeta_finding *why);

/*
 * Frees a finding from the name of its file, which it only borrows. A file other than "path" is
 * named in the message instead.
 */
void finding_detach(struct kmeta_finding *why, const char *path);

#endif
