/* platform.c: which platforms there are and how their profiles' addresses look. Knows no files, no roster. */
#include "import/platform.h"

#include <strings.h>

#include "base/suggest.h"
#include "base/utf8.h"

static const char *const known[] = {"instagram",   "tiktok",   "youtube", "x",         "facebook",
                                    "twitch",      "linkedin", "threads", "pinterest", "snapchat",
                                    "xiaohongshu", "douyin",   "weibo",   "bilibili",  "kuaishou"};

kol_status platform_check(str platform, kol_error *err) {
	/* A name that is near another one and stands for itself. */
	static const char *const others[] = {"douyu"};
	char text[80];
	suggest s;
	suggest_begin(&s, platform);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (str_is(platform, known[i]))
			return KOL_OK;
		suggest_try(&s, str_of(known[i]));
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (str_is(platform, others[i]))
			return KOL_OK;
	if (!s.best.p || s.distance > 2)
		return KOL_OK;
	return error_set(err, KOL_E_INPUT, "there is no platform '%.*s'%s", (int)utf8_cut(platform, 40), platform.p,
	                 suggest_text(&s, text, sizeof text));
}

/* before: what stands between host and handle, where something may. */
static const struct host {
	const char *name, *platform, *before[3];
	bool at; /* profiles begin with @ */
} hosts[] = {{"instagram.com", "instagram", {0}, false},
             {"tiktok.com", "tiktok", {0}, true},
             {"youtube.com", "youtube", {"c/", "user/", "channel/"}, true},
             {"x.com", "x", {0}, false},
             {"twitter.com", "x", {0}, false},
             {"facebook.com", "facebook", {0}, false},
             {"twitch.tv", "twitch", {0}, false},
             {"linkedin.com", "linkedin", {"in/", "company/"}, true},
             {"pinterest.com", "pinterest", {0}, false},
             {"threads.net", "threads", {0}, true},
             {"threads.com", "threads", {0}, true},
             {"snapchat.com", "snapchat", {"add/", "@"}, true}};

static bool skip(str *s, const char *z) {
	size_t n = strlen(z);
	if (s->n < n || strncasecmp(s->p, z, n) != 0)
		return false;
	*s = (str){s->p + n, s->n - n};
	return true;
}

/* One part of a path, with nothing behind it but a slash, a query or a tab of the profile. */
static str profile_in(const struct host *h, str path) {
	static const char *const pages[] = {"p",     "reel",   "reels",       "tv", "stories", "explore", "watch",
	                                    "share", "groups", "profile.php", "i",  "home",    "search",  "hashtag"};
	bool marked = skip(&path, "@");
	for (int i = 0; i < 3 && h->before[i] && !marked; i++)
		marked = skip(&path, h->before[i]);
	size_t n = 0;
	while (n < path.n && !strchr("/?#", path.p[n]))
		n++;
	str name = {path.p, n};
	if (h->at && !marked)
		return (str){0};
	for (size_t i = 0; i < sizeof pages / sizeof *pages && !marked; i++)
		if (n == strlen(pages[i]) && strncasecmp(name.p, pages[i], n) == 0)
			return (str){0};
	str rest = {path.p + n, path.n - n};
	/* "/@max/video/1" and "/max/status/1" are posts. */
	bool post = skip(&rest, "/video/") || skip(&rest, "/photo/") || skip(&rest, "/status/") || skip(&rest, "/post/") ||
	            skip(&rest, "/posts/") || skip(&rest, "/p/") || skip(&rest, "/reel/");
	if (post)
		name = (str){0};
	return name;
}

bool platform_address(str text, str *platform, str *handle) {
	if (!skip(&text, "https://"))
		skip(&text, "http://");
	if (!skip(&text, "www."))
		skip(&text, "m.");
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		str path = text;
		if (!skip(&path, hosts[i].name) || !skip(&path, "/"))
			continue;
		*platform = str_of(hosts[i].platform);
		*handle = profile_in(&hosts[i], path);
		return true;
	}
	return false;
}
