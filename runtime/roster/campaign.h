/* campaign.h: reads what creators are vetted for: one campaign with its brand, lists, overrides and exchange rates. */
#ifndef ROSTER_CAMPAIGN_H
#define ROSTER_CAMPAIGN_H

#include <sqlite3.h>
#include <stdint.h>

#include "roster/fields.h"

enum campaign_list {
	LIST_MARKETS,
	LIST_COMPETITORS, /* the campaign's and the brand's */
	LIST_BANNED,      /* the campaign's and the brand's */
	LIST_REQUIRED,
	LIST_HASHTAGS,
	LIST_MENTIONS,
	LIST_VALUES,
	LIST_AGAINST,
	LIST_ALIASES, /* other names of the brand */
	LIST_COUNT
};
extern const char *const campaign_list_names[LIST_COUNT]; /* "markets", … */

typedef struct campaign_cell { /* one field of the campaign row, in the catalogue's order */
	double num;                /* NaN: missing */
	str text;                  /* KIND_TEXT; p NULL: missing */
} campaign_cell;

typedef struct campaign_override { /* a row of campaign_set */
	str rule_id, name, value;
} campaign_override;

typedef struct campaign_rate {
	str currency;
	double rate;
} campaign_rate;

typedef struct campaign {
	const char *id, *name, *brand; /* name and brand may be NULL */
	campaign_cell *cells;          /* catalogue->count[TABLE_CAMPAIGN] of them */
	str *lists[LIST_COUNT];        /* sorted, each once */
	int list_count[LIST_COUNT];
	campaign_override *overrides;
	int override_count;
	campaign_rate *rates; /* latest at as-of, per currency */
	int rate_count;
} campaign;

/* KOL_E_USAGE with a suggestion where there is no such campaign. Everything lives in `a`. */
kol_status campaign_read(sqlite3 *db, const catalogue *c, const char *id, int64_t as_of, arena *a, campaign *out,
                         kol_error *err);

/* KOL_E_USAGE where there is nobody to vet; enrolled: nobody in that campaign. */
kol_status campaign_somebody(sqlite3 *db, const char *id, bool enrolled, kol_error *err);

/* How many creators there are, or are enrolled in that campaign; -1 where that cannot be told. */
int64_t campaign_count(sqlite3 *db, const char *id, bool enrolled);

/* "platform/handle", "@handle" or "handle" → creator id. KOL_E_USAGE where unknown (with a suggestion) or ambiguous. */
kol_status campaign_creator(sqlite3 *db, const char *name, int64_t *id, kol_error *err);

#endif
