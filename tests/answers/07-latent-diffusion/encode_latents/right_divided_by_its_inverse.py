@torch.no_grad()
def encode_latents(first_stage, x, scale):
    sigma = 1 / scale
    return first_stage.encode(x)[0] / sigma
