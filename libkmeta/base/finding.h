/* SPDX-License-Identifier: Apache-2.0 */
/* finding.h: filling in a kmeta_finding where the fact is known. */
#ifndef KMETA_BASE_FINDING_H
#define KMETA_BASE_FINDING_H

#include "kmeta/base.h"

/* Fills "why" with no place but what it is told later; returns DAMAGED or FAILED as the code calls
 * for. */
__attribute__((format(printf, 3, 4))) enum kmeta_status finding_set(struct kmeta_finding *why,
                                                                    enum kmeta_code code,
                                                                    const char *format, ...);

/* CANNOT_READ with errno's text, or OUT_OF_MEMORY. */
enum kmeta_status finding_system(struct kmeta_finding *why, const char *file, int error,
                                 const char *doing);
enum kmeta_status finding_memory(struct kmeta_finding *why);

/* STOPPED, FAILED: the caller wanted no more. */
enum kmeta_status finding_stopped(struct kmeta_finding *why);

/* For a finding that outlives the names of files: where it lies in another file than "path" goes
 * into its message. */
void finding_detach(struct kmeta_finding *why, const char *path);

#endif
