-- Take the lease of the projector $1 for $2 and $3 seconds, if it is free or the taker's own.
insert into projectors (name, holder, backend, epoch, lease_until)
values ($1, $2, backend(), 1, clock_timestamp() + make_interval(secs => $3))
on conflict (name) do update
set holder = excluded.holder, backend = excluded.backend, epoch = projectors.epoch + 1,
    lease_until = excluded.lease_until
where projectors.lease_until < clock_timestamp() or projectors.holder = excluded.holder
returning position, epoch
