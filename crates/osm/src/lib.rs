//! From an OpenStreetMap extract to travel tables; knows nothing of visits.
