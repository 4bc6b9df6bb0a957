-- What API keys may do and until when, and how often something was denied. Adds only: a version that does not know of it goes on
-- beside one that does, and the keys that it makes are for calls, as all were. Every statement can be run again: the embedded
-- database keeps what a migration that was broken off has done so far.

ALTER TABLE api_keys ADD COLUMN IF NOT EXISTS role VARCHAR(40) DEFAULT 'normal' NOT NULL;
-- one on each line
ALTER TABLE api_keys ADD COLUMN IF NOT EXISTS scopes VARCHAR(30000) DEFAULT 'models
tools' NOT NULL;
-- null: that was not taken down
ALTER TABLE api_keys ADD COLUMN IF NOT EXISTS created_by VARCHAR(400);
ALTER TABLE api_keys ADD COLUMN IF NOT EXISTS expires_at TIMESTAMP(6) WITH TIME ZONE;

-- equal refusals that follow each other closely are one row
ALTER TABLE audit_log ADD COLUMN IF NOT EXISTS occurrences BIGINT DEFAULT 1 NOT NULL;
-- what is too old is removed by it
CREATE INDEX IF NOT EXISTS audit_log_by_time ON audit_log (happened_at);
