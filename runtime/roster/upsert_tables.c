/* upsert_tables.c: the tables of schema.sql as upsert puts them: each column with its type and whether it is key. */
#include "roster/upsert.h"

#define K(n, t) \
	{ .name = n, .type = t, .key = true }
#define MAY(n, t) \
	{ .name = n, .type = t, .key = true, .may_miss = true }
#define C(n, t) \
	{ .name = n, .type = t }
#define OWNER K("creator_id", 'o')

static const upsert_table tables[] = {
    {"creator",
     {K("platform", 's'),
      K("handle", 's'),
      C("followers", 'i'),
      C("following", 'i'),
      C("post_count", 'i'),
      C("verified", 'f'),
      C("is_virtual", 'f'),
      C("joined_at", 't'),
      C("engagement_rate", 'm'),
      C("avg_likes", 'r'),
      C("avg_comments", 'r'),
      C("avg_shares", 'r'),
      C("avg_saves", 'r'),
      C("avg_views", 'r'),
      C("completion_rate", 'm'),
      C("follower_growth_30d", 'm'),
      C("audience_credibility", 'm'),
      C("sponsored_share", 'm'),
      C("fee", 'm'),
      C("currency", 's'),
      C("country", 'c'),
      C("language", 'l'),
      C("category", 's'),
      C("birth_year", 'i'),
      C("updated_at", 't'),
      C("external_id", 's'),
      C("person", 's'),
      C("name", 's'),
      C("url", 's'),
      C("bio", 's'),
      C("extra", 's')}},
    {"coverage", {OWNER, K("of", 's'), MAY("from_at", 't'), MAY("to_at", 'e'), {"source", 's', .blank = true}}},
    {"audience", {OWNER, K("dimension", 's'), K("segment", 's'), C("share", 'm')}},
    {"history",
     {OWNER, K("at", 't'), C("followers", 'i'), C("following", 'i'), C("avg_likes", 'r'), C("engagement_rate", 'm')}},
    {"post",
     {OWNER,
      K("id", 's'),
      C("posted_at", 't'),
      C("captured_at", 't'),
      C("deleted_at", 't'),
      C("likes", 'i'),
      C("comments", 'i'),
      C("shares", 'i'),
      C("saves", 'i'),
      C("views", 'i'),
      C("reach", 'i'),
      C("duration", 'r'),
      C("completion_rate", 'm'),
      C("paid_label", 'f'),
      C("ai_label", 'f'),
      C("format", 's'),
      C("style", 's'),
      C("relationship", 's'),
      C("sponsor", 's'),
      C("campaign_id", 's'),
      C("language", 'l'),
      C("media_sha256", 's'),
      C("url", 's'),
      C("title", 's'),
      C("caption", 's'),
      C("overlay_text", 's'),
      C("first_comment", 's'),
      C("transcript", 's')}},
    {"comment",
     {OWNER, K("post_id", 's'), K("id", 's'), C("posted_at", 't'), C("likes", 'i'), C("author", 's'), C("text", 's')}},
    {"partnership",
     {OWNER, K("brand", 's'), MAY("campaign_id", 's'), MAY("kind", 's'), MAY("started_on", 't'), C("ended_on", 'e'),
      C("exclusive_until", 'e'), C("fee", 'm'), C("currency", 's'), C("impressions", 'i'), C("clicks", 'i'),
      C("conversions", 'i'), C("revenue", 'm')}},
    {"credential",
     {OWNER, K("kind", 's'), {"number", 's', .key = true, .blank = true}, C("valid_from", 't'), C("valid_to", 'e')}},
    {"brand", {K("id", 's'), C("name", 's'), C("category", 's'), C("about", 's')}},
    {"brand_term", {K("brand_id", 's'), K("kind", 's'), K("term", 's')}},
    {"campaign",
     {K("id", 's'), C("brand_id", 's'), C("name", 's'), C("goal", 's'), C("status", 's'), C("starts_on", 't'),
      C("ends_on", 'e'), C("budget", 'm'), C("currency", 's')}},
    {"campaign_market", {K("campaign_id", 's'), K("country", 'c')}},
    {"campaign_term", {K("campaign_id", 's'), K("kind", 's'), K("term", 's')}},
    {"campaign_set", {K("campaign_id", 's'), K("rule_id", 's'), K("name", 's'), C("value", 's')}},
    {"campaign_creator", {K("campaign_id", 's'), OWNER, C("status", 's'), C("fee", 'm')}},
    {"fx", {K("currency", 's'), K("at", 't'), C("rate", 'm')}},
};

const upsert_table *upsert_describe(int table) { return &tables[table]; }

int upsert_find(str name) {
	for (int i = 0; i < (int)(sizeof tables / sizeof *tables); i++)
		if (str_is(name, tables[i].name))
			return i;
	return -1;
}

int upsert_column_find(int table, str name) {
	const upsert_column *c = tables[table].columns;
	for (int i = 0; name.n && c[i].name; i++)
		if (c[i].name[0] == name.p[0] && str_is(name, c[i].name))
			return i;
	return -1;
}
