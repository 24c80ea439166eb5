"""Reading other sites: pages to records. Stands on index and kb; web never imports it."""
