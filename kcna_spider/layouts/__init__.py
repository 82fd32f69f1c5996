"""The layouts of each site: one class for each kind and generation of its pages."""
