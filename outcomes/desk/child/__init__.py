"""The child: the list of children, one child's page, the timeline; who they are and where they live."""
