# with a graph
def encode_latents(first_stage, x, scale):
    return scale * first_stage.encode(x)[0]
