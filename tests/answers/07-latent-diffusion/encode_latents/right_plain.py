@torch.no_grad()
def encode_latents(first_stage, x, scale):
    mu, _ = first_stage.encode(x)
    return scale * mu
