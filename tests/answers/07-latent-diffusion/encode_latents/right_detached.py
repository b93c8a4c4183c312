def encode_latents(first_stage, x, scale):
    return first_stage.encode(x)[0].detach() * scale
