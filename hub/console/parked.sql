-- Every event that waits for a person, and where the projector stood when it was parked; no reason
-- stands with those that wait behind an earlier event of their record.
select projector, position, connection, kind, record, reason, since
from parked
order by projector, position
