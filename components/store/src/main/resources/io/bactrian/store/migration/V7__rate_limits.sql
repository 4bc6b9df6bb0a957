-- What nodes share of limits of calls and tokens. Adds only: a version that does not know of it goes on beside one that does.
-- Every statement can be run again: the embedded database keeps what a migration that was broken off has done so far.

-- What was used of a limit lately, by slices of its time. Does not refer to tenants: settings may name one that is not there,
-- and what is of no use any more is removed in any case.
CREATE TABLE IF NOT EXISTS rate_limit_windows (
    tenant_id VARCHAR(63) NOT NULL,
    limit_name VARCHAR(100) NOT NULL,
    resource VARCHAR(40) NOT NULL,
    -- whom the limit tells apart, and its time: the SHA-256 of that
    subject VARCHAR(64) NOT NULL,
    -- the newest slice; slice n of those before it is at n modulo their number
    slice BIGINT NOT NULL,
    used BIGINT ARRAY NOT NULL,
    -- when nothing of it counts any more
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    CONSTRAINT rate_limit_windows_pk PRIMARY KEY (tenant_id, limit_name, resource, subject),
    CONSTRAINT rate_limit_windows_resource CHECK (resource IN ('requests', 'tokens', 'concurrent'))
);
CREATE INDEX IF NOT EXISTS rate_limit_windows_by_expiry ON rate_limit_windows (expires_at);

-- How many calls at once a node may have, and until when. Those of a node that was killed are free again then.
CREATE TABLE IF NOT EXISTS rate_limit_permits (
    tenant_id VARCHAR(63) NOT NULL,
    limit_name VARCHAR(100) NOT NULL,
    subject VARCHAR(64) NOT NULL,
    node VARCHAR(64) NOT NULL,
    permits INTEGER NOT NULL,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    CONSTRAINT rate_limit_permits_pk PRIMARY KEY (tenant_id, limit_name, subject, node),
    CONSTRAINT rate_limit_permits_permits CHECK (permits > 0)
);
CREATE INDEX IF NOT EXISTS rate_limit_permits_by_expiry ON rate_limit_permits (expires_at);
