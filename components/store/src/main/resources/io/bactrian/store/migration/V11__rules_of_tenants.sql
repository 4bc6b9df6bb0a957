-- Budgets and limits that tenants keep, beside those of settings. Adds only: a version that does not know of it goes on beside one
-- that does. Every statement can be run again: the embedded database keeps what a migration that was broken off has done so far.

-- What a tenant and its apps may spend. What is used of it is in quota_accounts, which stays when a rule goes.
CREATE TABLE IF NOT EXISTS quota_budgets (
    tenant_id VARCHAR(63) NOT NULL,
    name VARCHAR(63) NOT NULL,
    -- null: all calls together; *: each app by itself
    app_id VARCHAR(256),
    -- times, tokens, credits or money:USD
    unit VARCHAR(20) NOT NULL,
    -- of money in millionths of its main unit; -1 for none
    amount BIGINT NOT NULL,
    -- hour, day, week, month, total, or how long a rolling one is (ISO 8601)
    period VARCHAR(60) NOT NULL,
    -- of a calendar's period
    zone VARCHAR(64),
    set_by VARCHAR(20) NOT NULL,
    -- the file that says so; null for a person
    managed_by VARCHAR(1000),
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT quota_budgets_pk PRIMARY KEY (tenant_id, name),
    CONSTRAINT quota_budgets_amount CHECK (amount >= -1),
    CONSTRAINT quota_budgets_set_by CHECK (set_by IN ('operator', 'tenant')),
    CONSTRAINT quota_budgets_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
);

-- How many calls and tokens a tenant may have in a time, and how many calls at once. What counts of it is in rate_limit_windows
-- and rate_limit_permits.
CREATE TABLE IF NOT EXISTS rate_limit_rules (
    tenant_id VARCHAR(63) NOT NULL,
    name VARCHAR(100) NOT NULL,
    -- null: all calls together; *: each value by itself
    app_id VARCHAR(256),
    provider_name VARCHAR(64),
    model_name VARCHAR(512),
    api_key_id VARCHAR(64),
    -- how many; null for any number
    max_requests BIGINT,
    max_tokens BIGINT,
    max_concurrent INTEGER,
    -- in which time (ISO 8601)
    period VARCHAR(60) NOT NULL,
    set_by VARCHAR(20) NOT NULL,
    -- the file that says so; null for a person
    managed_by VARCHAR(1000),
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT rate_limit_rules_pk PRIMARY KEY (tenant_id, name),
    CONSTRAINT rate_limit_rules_amounts CHECK (max_requests > 0 OR max_tokens > 0 OR max_concurrent > 0),
    CONSTRAINT rate_limit_rules_set_by CHECK (set_by IN ('operator', 'tenant')),
    CONSTRAINT rate_limit_rules_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
);
