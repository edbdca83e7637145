/* SPDX-License-Identifier: Apache-2.0 */
/* events_cause.c: what causes are called, what they mean, and how bad they are. */
#include "state/events_rules.h"

#define CAUSE_NAME(identifier, severity, name, meaning)     name,
#define CAUSE_MEANING(identifier, severity, name, meaning)  meaning,
#define CAUSE_SEVERITY(identifier, severity, name, meaning) KMETA_##severity,

static const char *const names[] = { KMETA_CAUSES(CAUSE_NAME) };
static const char *const meanings[] = { KMETA_CAUSES(CAUSE_MEANING) };
static const uint8_t severities[] = { KMETA_CAUSES(CAUSE_SEVERITY) };

const char *kmeta_cause_name(enum kmeta_cause cause)
{
	return (unsigned)cause < KMETA_CAUSE_COUNT ? names[cause] : "";
}

const char *kmeta_cause_meaning(enum kmeta_cause cause)
{
	return (unsigned)cause < KMETA_CAUSE_COUNT ? meanings[cause] : "";
}

enum kmeta_severity event_severity(enum kmeta_cause cause)
{
	return (enum kmeta_severity)severities[cause];
}
