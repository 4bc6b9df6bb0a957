-- Tickets that a file was sent by: each is good for one, on whatever node. Adds only: a version that does not know of them goes
-- on beside one that does. Every statement can be run again: the embedded database keeps what a migration that was broken off
-- has done so far.

-- A row is written before the file comes in, and never changes. It goes some time after its ticket has expired.
CREATE TABLE IF NOT EXISTS used_upload_tickets (
    tenant_id VARCHAR(63) NOT NULL,
    nonce VARCHAR(64) NOT NULL,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT used_upload_tickets_pk PRIMARY KEY (tenant_id, nonce),
    -- cascades: a version that does not know of tickets can still remove a tenant
    CONSTRAINT used_upload_tickets_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS used_upload_tickets_by_expiry ON used_upload_tickets (tenant_id, expires_at);
