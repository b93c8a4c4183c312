# the scale twice
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    return scale * (scale * first_stage.encode(x)[0])
