-- schema.sql: version 1 of a roster. Times are unix seconds UTC, shares and rates fractions 0-1, money with its currency.
CREATE TABLE meta (uuid TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;

CREATE TABLE import (
	id INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, profile TEXT NOT NULL, at INTEGER NOT NULL,
	stored INTEGER NOT NULL, merged INTEGER NOT NULL, rejected INTEGER NOT NULL
) STRICT;

-- CHECK (x = 'a' OR x = 'b'): with IN, SQLite builds a table in memory for every row.
-- Numbers and short codes come before texts, so that a scan for numbers reads no text.
CREATE TABLE creator (
	id INTEGER PRIMARY KEY, platform TEXT NOT NULL, handle TEXT NOT NULL COLLATE NOCASE,
	followers INTEGER, following INTEGER, post_count INTEGER, verified INTEGER, is_virtual INTEGER, joined_at INTEGER,
	engagement_rate REAL, avg_likes REAL, avg_comments REAL, avg_shares REAL, avg_saves REAL, avg_views REAL,
	completion_rate REAL, follower_growth_30d REAL, audience_credibility REAL, sponsored_share REAL, fee REAL,
	currency TEXT, country TEXT, language TEXT, category TEXT, birth_year INTEGER, updated_at INTEGER,
	external_id TEXT, person TEXT, name TEXT, url TEXT, bio TEXT, extra TEXT,
	UNIQUE (platform, handle)
) STRICT;

CREATE TABLE coverage (
	creator_id INTEGER NOT NULL REFERENCES creator(id) ON DELETE CASCADE,
	"of" TEXT NOT NULL CHECK ("of" = 'posts' OR "of" = 'comments' OR "of" = 'partnerships' OR "of" = 'history' OR "of" = 'credentials'),
	from_at INTEGER, to_at INTEGER, source TEXT NOT NULL DEFAULT '',
	UNIQUE (creator_id, "of", from_at, to_at)
) STRICT;

CREATE TABLE audience (
	creator_id INTEGER NOT NULL REFERENCES creator(id) ON DELETE CASCADE,
	dimension TEXT NOT NULL CHECK (dimension = 'country' OR dimension = 'city' OR dimension = 'gender' OR dimension = 'age' OR dimension = 'gender_age' OR dimension = 'language' OR dimension = 'interest' OR dimension = 'type'),
	segment TEXT NOT NULL, share REAL,
	PRIMARY KEY (creator_id, dimension, segment)
) STRICT, WITHOUT ROWID;

CREATE TABLE history (
	creator_id INTEGER NOT NULL REFERENCES creator(id) ON DELETE CASCADE,
	at INTEGER NOT NULL, followers INTEGER, following INTEGER, avg_likes REAL, engagement_rate REAL,
	PRIMARY KEY (creator_id, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE post (
	creator_id INTEGER NOT NULL REFERENCES creator(id) ON DELETE CASCADE,
	id TEXT NOT NULL, posted_at INTEGER, captured_at INTEGER, deleted_at INTEGER,
	likes INTEGER, comments INTEGER, shares INTEGER, saves INTEGER, views INTEGER, reach INTEGER,
	duration REAL, completion_rate REAL, paid_label INTEGER, ai_label INTEGER,
	format TEXT, style TEXT, relationship TEXT CHECK (relationship = 'paid' OR relationship = 'gifted' OR relationship = 'affiliate' OR relationship = 'invited' OR relationship = 'own' OR relationship = 'employee'),
	sponsor TEXT, campaign_id TEXT, language TEXT, media_sha256 TEXT, url TEXT,
	title TEXT, caption TEXT, overlay_text TEXT, first_comment TEXT, transcript TEXT,
	PRIMARY KEY (creator_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comment (
	creator_id INTEGER NOT NULL REFERENCES creator(id) ON DELETE CASCADE,
	post_id TEXT NOT NULL, id TEXT NOT NULL, posted_at INTEGER, likes INTEGER, author TEXT, text TEXT,
	PRIMARY KEY (creator_id, post_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE partnership (
	creator_id INTEGER NOT NULL REFERENCES creator(id) ON DELETE CASCADE,
	brand TEXT NOT NULL, campaign_id TEXT, kind TEXT, started_on INTEGER, ended_on INTEGER, exclusive_until INTEGER,
	fee REAL, currency TEXT, impressions INTEGER, clicks INTEGER, conversions INTEGER, revenue REAL,
	UNIQUE (creator_id, brand, campaign_id, kind, started_on)
) STRICT;

CREATE TABLE credential (
	creator_id INTEGER NOT NULL REFERENCES creator(id) ON DELETE CASCADE,
	kind TEXT NOT NULL, number TEXT NOT NULL DEFAULT '', valid_from INTEGER, valid_to INTEGER,
	UNIQUE (creator_id, kind, number)
) STRICT;

CREATE TABLE brand (id TEXT PRIMARY KEY, name TEXT NOT NULL, category TEXT, about TEXT) STRICT;
CREATE TABLE brand_term (
	brand_id TEXT NOT NULL REFERENCES brand(id) ON DELETE CASCADE,
	kind TEXT NOT NULL CHECK (kind = 'alias' OR kind = 'competitor' OR kind = 'value' OR kind = 'against' OR kind = 'banned'), term TEXT NOT NULL,
	PRIMARY KEY (brand_id, kind, term)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign (
	id TEXT PRIMARY KEY, brand_id TEXT NOT NULL REFERENCES brand(id), name TEXT, goal TEXT,
	status TEXT CHECK (status = 'draft' OR status = 'active' OR status = 'done'), starts_on INTEGER, ends_on INTEGER, budget REAL, currency TEXT
) STRICT;
CREATE TABLE campaign_market (
	campaign_id TEXT NOT NULL REFERENCES campaign(id) ON DELETE CASCADE, country TEXT NOT NULL,
	PRIMARY KEY (campaign_id, country)
) STRICT, WITHOUT ROWID;
CREATE TABLE campaign_term (
	campaign_id TEXT NOT NULL REFERENCES campaign(id) ON DELETE CASCADE,
	kind TEXT NOT NULL CHECK (kind = 'banned' OR kind = 'required' OR kind = 'competitor' OR kind = 'hashtag' OR kind = 'mention'), term TEXT NOT NULL,
	PRIMARY KEY (campaign_id, kind, term)
) STRICT, WITHOUT ROWID;
CREATE TABLE campaign_set (
	campaign_id TEXT NOT NULL REFERENCES campaign(id) ON DELETE CASCADE,
	rule_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (campaign_id, rule_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE campaign_creator (
	campaign_id TEXT NOT NULL REFERENCES campaign(id) ON DELETE CASCADE,
	creator_id INTEGER NOT NULL REFERENCES creator(id) ON DELETE CASCADE, status TEXT, fee REAL,
	PRIMARY KEY (campaign_id, creator_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE fx (currency TEXT NOT NULL, at INTEGER NOT NULL, rate REAL NOT NULL CHECK (rate > 0), PRIMARY KEY (currency, at)) STRICT, WITHOUT ROWID;
CREATE INDEX partnership_creator ON partnership(creator_id);
