-- What tenants use up: quotas of what the operator pays for, and budgets. Adds only: a version that does not know of it goes
-- on beside one that does. Every statement can be run again: the embedded database keeps what a migration that was broken
-- off has done so far.

-- What is used of a limit in one of its periods, and what nodes have leased of it.
CREATE TABLE IF NOT EXISTS quota_accounts (
    tenant_id VARCHAR(63) NOT NULL,
    account VARCHAR(400) NOT NULL,
    unit VARCHAR(20) NOT NULL,
    period VARCHAR(60) NOT NULL,
    -- the epoch for periods that are not those of a calendar
    period_start TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    period_end TIMESTAMP(6) WITH TIME ZONE,
    -- the limit by which something was leased last: one that is lowered below what is used lets nothing more be leased
    allowed BIGINT NOT NULL,
    used BIGINT DEFAULT 0 NOT NULL,
    leased BIGINT DEFAULT 0 NOT NULL,
    -- how many thresholds of alerts were told of
    alerted INTEGER DEFAULT 0 NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    CONSTRAINT quota_accounts_pk PRIMARY KEY (tenant_id, account, unit, period, period_start),
    CONSTRAINT quota_accounts_counts CHECK (used >= 0 AND leased >= 0),
    -- never more than is allowed, whatever a statement says; written so that no sum overflows
    CONSTRAINT quota_accounts_allowed CHECK (used <= allowed - leased),
    CONSTRAINT quota_accounts_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS quota_accounts_by_end ON quota_accounts (period_end);

-- What a node may spend without asking. The amounts of an account's leases are what it says is leased.
CREATE TABLE IF NOT EXISTS quota_leases (
    id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(63) NOT NULL,
    account VARCHAR(400) NOT NULL,
    unit VARCHAR(20) NOT NULL,
    period VARCHAR(60) NOT NULL,
    period_start TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    node VARCHAR(64) NOT NULL,
    -- what is left of it, as far as its node has told
    amount BIGINT NOT NULL,
    -- what its node has told that it used
    spent BIGINT DEFAULT 0 NOT NULL,
    -- from when on what is left of it counts as used: its node is not heard of any more
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    CONSTRAINT quota_leases_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT quota_leases_counts CHECK (amount >= 0 AND spent >= 0),
    CONSTRAINT quota_leases_account_fk FOREIGN KEY (tenant_id, account, unit, period, period_start)
        REFERENCES quota_accounts (tenant_id, account, unit, period, period_start) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS quota_leases_by_expiry ON quota_leases (expires_at);
CREATE INDEX IF NOT EXISTS quota_leases_by_account
    ON quota_leases (tenant_id, account, unit, period, period_start);

-- What was used in a rolling period, by the parts that it is kept in. Their sum is what its account says is used.
CREATE TABLE IF NOT EXISTS quota_parts (
    tenant_id VARCHAR(63) NOT NULL,
    account VARCHAR(400) NOT NULL,
    unit VARCHAR(20) NOT NULL,
    period VARCHAR(60) NOT NULL,
    period_start TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    part BIGINT NOT NULL,
    used BIGINT NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    CONSTRAINT quota_parts_pk PRIMARY KEY (tenant_id, account, unit, period, period_start, part),
    CONSTRAINT quota_parts_counts CHECK (used >= 0),
    CONSTRAINT quota_parts_account_fk FOREIGN KEY (tenant_id, account, unit, period, period_start)
        REFERENCES quota_accounts (tenant_id, account, unit, period, period_start) ON DELETE CASCADE
);
