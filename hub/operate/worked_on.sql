-- Whether a hub has worked on this log before, and none does at this moment.
select coalesce(max(position), 0) > 0
       and not coalesce(bool_or(holder <> '' and lease_until > clock_timestamp()), false)
from projectors
